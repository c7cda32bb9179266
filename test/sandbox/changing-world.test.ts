import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { ACME_PAYROLL } from '../../src/sandbox/world.ts';
import { openSlack } from '../../src/slack/open.ts';
import { CLOCK, hidden, logInto } from '../slack/bot.ts';

const open = ({ botToken, apiUrl }: { botToken: string; apiUrl: string }) =>
  openSlack({ settings: { botToken: hidden(botToken), apiUrl }, log: logInto([]), clock: CLOCK });

test('people who leave and groups that change are known at the next question', async () => {
  await using sandbox = await startSandbox();
  const { directory } = await open(sandbox);
  expect(await directory.personNow('U0BEN')).toMatchObject({ isDeactivated: false });
  expect(await directory.membersNow('S0LEADS')).toEqual(['U0BEN', 'U0CLEO']);
  sandbox.changeWorld((world) => ({
    ...world,
    people: world.people.map((person) => (person.id === 'U0BEN' ? { ...person, isDeleted: true } : person)),
    groups: { ...world.groups, S0LEADS: ['U0CLEO'] },
  }));
  expect(await directory.personNow('U0BEN')).toMatchObject({ isDeactivated: true });
  expect(await directory.membersNow('S0LEADS')).toEqual(['U0CLEO']);
  expect(await directory.membersNow('S0NONE')).toEqual([]);
});

test('on Enterprise Grid one human has the same id of the organisation in each of its workspaces', async () => {
  const sister = { id: 'T0SISTER', name: 'Acme Europe', domain: 'acme-eu' };
  const world = {
    ...ACME_PAYROLL,
    enterpriseId: 'E0ACME',
    otherTeams: [...ACME_PAYROLL.otherTeams, sister],
    people: [
      { id: 'U0ANN', name: 'Ann', title: '', note: '', teamId: 'T0ACME', enterpriseUserId: 'W0ANN' },
      { id: 'U0ANNEU', name: 'Ann', title: '', note: '', teamId: 'T0SISTER', enterpriseUserId: 'W0ANN' },
    ],
  };
  await using sandbox = await startSandbox({ world });
  const { directory, self } = await open(sandbox);
  expect(self.enterpriseId).toBe('E0ACME');
  for (const id of ['U0ANN', 'U0ANNEU']) {
    expect(await directory.personNow(id)).toMatchObject({ enterpriseUserId: 'W0ANN', isOutsider: false });
  }
});
