import type { ClueSource } from '../clue.ts';

/**
 * Pods that the kernel killed for memory, joined by host name to the private lists that they left: what was in flight in
 * every one of them is what outgrew them, or runs everywhere.
 */
export const kubernetes: ClueSource = {
  name: 'Kubernetes',
  cluesIn: ({ terminations, strandedLists }) => {
    const killed = new Set(terminations.filter(({ reason }) => reason === 'OOMKilled').map(({ pod }) => pod));
    const podsBy = new Map<string, Set<string>>();
    const pods = new Set<string>();
    for (const { owner, classes } of strandedLists) {
      const pod = hostOf(owner);
      if (!killed.has(pod)) continue;
      pods.add(pod);
      for (const jobClass of classes.keys())
        podsBy.set(jobClass, (podsBy.get(jobClass) ?? new Set()).add(pod));
    }
    if (pods.size < 2) return [];
    return [...podsBy].flatMap(([jobClass, { size }]) =>
      size * 2 > pods.size
        ? [
            {
              jobClass,
              weight: size === pods.size ? 2 : 1,
              sentence: `was in flight in ${size} of ${pods.size} pods that the kernel killed for memory`,
            } as const,
          ]
        : [],
    );
  },
};

/** Of "HOST:PID:NONCE", "HOST:PID" or "HOST INDEX". */
function hostOf(owner: string | undefined): string {
  return owner?.split(/[: ]/, 1)[0] ?? '';
}
