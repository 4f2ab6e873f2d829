/** Clients that create records without pause and remember what the server promised them. */
export interface Writers {
  /** Ids of creates that were answered with 201. */
  readonly acknowledged: ReadonlySet<string>
  /** Every other answer. */
  readonly refusals: readonly { status: number; retryAfter: string | null }[]
  /** Resolves when this many more creates are acknowledged. */
  more(count: number): Promise<void>
  /** Resolves when a create is refused with an answer. */
  refused(): Promise<void>
  /** Resolves when the last request has its answer, or has lost its connection. */
  stop(): Promise<void>
}

export function startWriters(url: string, count: number): Writers {
  const acknowledged = new Set<string>()
  const refusals: { status: number; retryAfter: string | null }[] = []
  const waiting: { isTrue: () => boolean; resolve: () => void }[] = []
  const stopping = new AbortController()

  function changed(): void {
    for (const entry of waiting.filter(({ isTrue }) => isTrue())) {
      waiting.splice(waiting.indexOf(entry), 1)
      entry.resolve()
    }
  }
  const when = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      waiting.push({ isTrue, resolve })
      changed()
    })

  async function write(writer: number): Promise<void> {
    for (let number = 0; !stopping.signal.aborted; number += 1) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ writer, number }),
        })
        const body = (await response.json()) as { data?: { id: string } }
        if (response.status === 201 && body.data) acknowledged.add(body.data.id)
        else {
          refusals.push({ status: response.status, retryAfter: response.headers.get('retry-after') })
          // As a client that was told to come back later does, only sooner.
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      } catch {
        // No answer: nothing was promised. The server is being killed, or is on its way back.
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      changed()
    }
  }
  const writers = Array.from({ length: count }, (_, index) => write(index))

  return {
    acknowledged,
    refusals,
    more(wanted) {
      const goal = acknowledged.size + wanted
      return when(() => acknowledged.size >= goal)
    },
    refused: () => when(() => refusals.length > 0),
    async stop() {
      stopping.abort()
      await Promise.all(writers)
    },
  }
}

/** Ids of every record of a list, walked by cursor; and the total the list claims. */
export async function readAll(url: string): Promise<{ ids: Set<string>; total: number }> {
  const ids = new Set<string>()
  let total = 0
  for (let cursor: string | null = ''; cursor !== null; ) {
    const response = await fetch(`${url}?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`)
    const body = (await response.json()) as {
      data: { id: string }[]
      meta: { total: number; nextCursor: string | null }
    }
    for (const { id } of body.data) ids.add(id)
    total = body.meta.total
    cursor = body.meta.nextCursor
  }
  return { ids, total }
}

/** What was promised and is not there. */
export function lost(acknowledged: ReadonlySet<string>, stored: ReadonlySet<string>): string[] {
  return [...acknowledged].filter((id) => !stored.has(id))
}
