/**
 * Bounds what all request bodies that are being received or worked on hold together. Without it a hundred clients with the
 * largest allowed body each would need more memory than the process has.
 */
export interface BodyBudget {
  /** For one request. */
  open(): BodyShare
}

export interface BodyShare {
  /** False when there is not so much left; nothing is taken then. */
  take(sizeBytes: number): boolean
  /** Gives back everything that was taken. */
  release(): void
}

export function createBodyBudget(sizeBytesMax: number): BodyBudget {
  let takenBytes = 0
  return {
    open() {
      let ownBytes = 0
      return {
        take(sizeBytes) {
          if (takenBytes + sizeBytes > sizeBytesMax) return false
          takenBytes += sizeBytes
          ownBytes += sizeBytes
          return true
        },
        release() {
          takenBytes -= ownBytes
          ownBytes = 0
        },
      }
    },
  }
}
