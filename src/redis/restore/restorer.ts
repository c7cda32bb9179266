import { sidekiqKeys } from '../../core/sidekiq/keys.ts';
import type { RestoreEnd, Restorer } from '../../ports/acting.ts';
import type { ArchiveReader } from '../../ports/archive.ts';
import { connect } from '../connect.ts';
import type { ReaderOptions } from '../reader.ts';
import { inTurns } from '../turns.ts';
import { PuttingBack } from './putting-back.ts';

/** Opens what puts archived jobs back into one sidekiq's Redis. It connects when it is first used. */
export function openRestorer(options: ReaderOptions & { readonly archive: ArchiveReader }): Restorer {
  const connection = connect(options);
  const { archive, clock } = options;
  const keys = sidekiqKeys(options.namespace);
  return {
    restore: (order, steps) => {
      const losses = new Set<string>();
      return inTurns(
        () => new PuttingBack({ connection, keys, archive, clock }, order, steps, losses),
        carryOut,
        giveUp,
      );
    },
    close: async () => connection.close(),
  };
}

async function giveUp(turn: PuttingBack, because: string): Promise<RestoreEnd> {
  await turn.ledger.write();
  return endOf(turn, 'refused', because);
}

async function carryOut(turn: PuttingBack): Promise<RestoreEnd> {
  if (!(await turn.begin())) return endOf(turn, 'superseded', 'Another bot has taken over.');
  await turn.putBack();
  if (turn.stopBecause !== undefined) return endOf(turn, 'refused', turn.stopBecause);
  if (turn.ledger.isStopping && turn.ledger.left > 0)
    return endOf(turn, 'stopped', 'It was stopped between two steps.');
  return endOf(turn, 'done', '');
}

function endOf({ ledger, losses }: PuttingBack, type: RestoreEnd['type'], sentence: string): RestoreEnd {
  const { restored, uncertain } = ledger;
  return { type, sentence, restored, uncertain, losses: [...losses] };
}
