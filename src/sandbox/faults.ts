/** Trouble on demand, for tests: what Slack and the network do on a bad day. */
export type ApiFault =
  | { readonly kind: 'rate_limited'; readonly retryAfterS: number }
  | { readonly kind: 'http'; readonly status: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'delay'; readonly delayMs: number };

export class Faults {
  readonly #api = new Map<string, ApiFault[]>();
  #duplicates = 0;
  #deliveryDelays: number[] = [];

  /** The next calls of a Web API method, or of `response_url`, go wrong in this way. */
  failNext(method: string, fault: ApiFault, times = 1): void {
    const faults = this.#api.get(method) ?? [];
    this.#api.set(method, [...faults, ...Array.from({ length: times }, () => fault)]);
  }

  /** The next deliveries to the bot arrive twice. */
  deliverTwice(times = 1): void {
    this.#duplicates += times;
  }

  /** The next delivery to the bot is held back for so long; its three seconds run meanwhile. */
  delayNextDelivery(delayMs: number): void {
    this.#deliveryDelays.push(delayMs);
  }

  takeApiFault(method: string): ApiFault | undefined {
    return this.#api.get(method)?.shift();
  }

  takeDuplicate(): boolean {
    if (this.#duplicates === 0) return false;
    this.#duplicates -= 1;
    return true;
  }

  takeDeliveryDelayMs(): number {
    return this.#deliveryDelays.shift() ?? 0;
  }
}
