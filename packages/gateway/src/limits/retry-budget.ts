/** Retries must not multiply the load of a service that is already failing: a fifth of its requests may be repeats. */
export interface RetryBudget {
  /** Each first attempt. */
  deposit(): void
  /** Takes one retry if there is one. */
  withdraw(): boolean
}

const share = 0.2
/** So that a quiet service may retry at all, and a busy one may not save up for a storm. */
const balanceMax = 10

export function createRetryBudget(): RetryBudget {
  let balance = balanceMax
  return {
    deposit() {
      balance = Math.min(balanceMax, balance + share)
    },
    withdraw() {
      if (balance < 1) return false
      balance -= 1
      return true
    },
  }
}
