/** Trouble on demand, for tests: what Slack and the network do on a bad day. */
export type ApiFault =
  | { readonly kind: 'rate_limited'; readonly retryAfterS: number }
  | { readonly kind: 'http'; readonly status: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'delay'; readonly delayMs: number };

/** No method of the Web API, and limited apart from it. */
export const RESPONSE_URL = 'response_url';

export class Faults {
  readonly #api = new Map<string, ApiFault[]>();
  #limit: { readonly fault: ApiFault; readonly methods: readonly string[] | undefined } | undefined;
  #duplicates = 0;
  #deliveryDelays: number[] = [];

  /** The next calls of a Web API method, or of `response_url`, go wrong in this way. */
  failNext(method: string, fault: ApiFault, times = 1): void {
    const faults = this.#api.get(method) ?? [];
    this.#api.set(method, [...faults, ...Array.from({ length: times }, () => fault)]);
  }

  /** From now on these methods, or all of the Web API, are to be called again after so long, until `unlimit`. */
  limit(retryAfterS: number, methods?: readonly string[]): void {
    this.#limit = { fault: { kind: 'rate_limited', retryAfterS }, methods };
  }

  unlimit(): void {
    this.#limit = undefined;
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
    const once = this.#api.get(method)?.shift();
    if (once !== undefined || this.#limit === undefined) return once;
    const { fault, methods } = this.#limit;
    const isLimited = methods?.includes(method) ?? method !== RESPONSE_URL;
    return isLimited ? fault : undefined;
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
