import { median } from '../median.ts';

/** One of several who ask at once, each one question after the other: answers the question at a place. */
export type Client = (place: number) => Promise<unknown>;

/** What a contender did in all of its rounds. */
export interface Measured {
  /** Of every call, in milliseconds, sorted. */
  readonly latencies: readonly number[];
  /** The median over the rounds. */
  readonly perSecond: number;
}

/**
 * Lets two contenders ask the same questions in turn, so that whatever else the machine does meets both alike.
 * @param questions - How many there are; clients begin at different ones and go round
 */
export async function inTurn(
  contenders: readonly [readonly Client[], readonly Client[]],
  questions: number,
  { rounds, milliseconds }: { readonly rounds: number; readonly milliseconds: number },
): Promise<readonly [Measured, Measured]> {
  const each = contenders.map((clients) => ({ clients, latencies: [] as number[], rates: [] as number[] }));
  for (const { clients } of each) await round(clients, questions, milliseconds / 2); // warm
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const { clients, latencies, rates } of each) {
      const begun = performance.now();
      const took = await round(clients, questions, milliseconds);
      rates.push((took.length / (performance.now() - begun)) * 1_000);
      latencies.push(...took);
    }
  }
  const [one, other] = each.map(({ latencies, rates }) => ({
    latencies: latencies.toSorted((a, b) => a - b),
    perSecond: median(rates),
  }));
  if (!one || !other) throw new Error('two contenders are needed');
  return [one, other];
}

/** The value below which so much of a sorted list lies. */
export function part(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

async function round(clients: readonly Client[], questions: number, milliseconds: number): Promise<number[]> {
  const until = performance.now() + milliseconds;
  const latencies = await Promise.all(
    clients.map(async (ask, index) => {
      const took: number[] = [];
      let place = Math.floor((index * questions) / clients.length);
      for (let begun = performance.now(); begun < until; begun = performance.now()) {
        await ask(place % questions);
        took.push(performance.now() - begun);
        place += 1;
      }
      return took;
    }),
  );
  return latencies.flat();
}
