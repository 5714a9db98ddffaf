/** A tax on the subtotal of an order. */
export class TaxRate {
  /** Thousandths of a percent. */
  readonly #rate: bigint;

  private constructor(rate: bigint) {
    this.#rate = rate;
  }

  /**
   * @param percent - `0` to `100` with up to three decimals, such as `7.7`
   * @returns `undefined` for anything else
   */
  static parse(percent: string): TaxRate | undefined {
    const [, whole, fraction = ''] = /^(\d{1,3})(?:\.(\d{1,3}))?$/.exec(percent) ?? [];
    if (whole === undefined) return undefined;
    const rate = BigInt(whole) * 1_000n + BigInt(fraction.padEnd(3, '0'));
    return rate <= 100_000n ? new TaxRate(rate) : undefined;
  }

  /** The tax in minor units, half a unit rounded up. */
  of(subtotal: bigint): bigint {
    return (subtotal * this.#rate + 50_000n) / 100_000n;
  }
}
