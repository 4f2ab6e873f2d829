import { useSyncExternalStore } from 'react'
import { describeProblem } from '../lib/problem-text.ts'

export interface ToastMessage {
  title: string
  description?: string | undefined
  isProblem: boolean
}

const waiting: ToastMessage[] = []
const listeners = new Set<() => void>()
let receiver: ((message: ToastMessage) => void) | undefined
let anyYet = false

function send(message: ToastMessage): void {
  if (receiver) {
    receiver(message)
    return
  }
  waiting.push(message)
  anyYet = true
  for (const listener of listeners) listener()
}

/** Says that something worked, in a few words, and goes away by itself. */
export function notify(title: string, description?: string): void {
  send({ title, description, isProblem: false })
}

/** Says what went wrong and what to do. */
export function notifyProblem(problem: unknown): void {
  send({ title: describeProblem(problem).sentence, isProblem: true })
}

/** Gives the region every message, those that waited for it first; answers how to stop. */
export function takeMessages(receive: (message: ToastMessage) => void): () => void {
  receiver = receive
  for (const message of waiting.splice(0)) receive(message)
  return () => {
    receiver = undefined
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether there has been anything to say, and so whether the region is needed. */
export function useToastsNeeded(): boolean {
  return useSyncExternalStore(subscribe, () => anyYet)
}
