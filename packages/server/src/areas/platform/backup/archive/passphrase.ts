import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import type { Identity, Recipient } from 'age-encryption'

/**
 * The scrypt recipient of age (C2SP age-encryption.org/v1, "The scrypt recipient type"). The library's own computes in
 * JavaScript and holds the whole process for seconds; this one computes beside it.
 */
const label = 'age-encryption.org/v1/scrypt'
const workFactor = 18
const workFactorMax = 20
const saltBytes = 16
const tagBytes = 16
const nonce = Buffer.alloc(12)
const cipherName = 'chacha20-poly1305'

export function passphraseRecipient(passphrase: string): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const { Stanza } = await import('age-encryption')
      const salt = randomBytes(saltBytes)
      const key = await derive(passphrase, salt, workFactor)
      const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagBytes })
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
      const saltText = salt.toString('base64').replace(/=+$/, '')
      return [new Stanza(['scrypt', saltText, String(workFactor)], body)]
    },
  }
}

export function passphraseIdentity(passphrase: string): Identity {
  return {
    async unwrapFileKey([stanza, ...others]) {
      if (stanza?.args[0] !== 'scrypt') return null
      const [, saltText = '', factorText = ''] = stanza.args
      const salt = Buffer.from(saltText, 'base64')
      const factor = /^[1-9]\d?$/.test(factorText) ? Number(factorText) : Number.POSITIVE_INFINITY
      if (
        others.length > 0 ||
        stanza.args.length !== 3 ||
        salt.length !== saltBytes ||
        factor > workFactorMax
      )
        throw new Error('The passphrase part of this file has a form that is not allowed.')
      const decipher = createDecipheriv(cipherName, await derive(passphrase, salt, factor), nonce, {
        authTagLength: tagBytes,
      })
      decipher.setAuthTag(stanza.body.subarray(-tagBytes))
      try {
        return Buffer.concat([decipher.update(stanza.body.subarray(0, -tagBytes)), decipher.final()])
      } catch {
        // The tag does not fit: it is another passphrase, which age says by null.
        return null
      }
    },
  }
}

function derive(passphrase: string, salt: Buffer, factor: number): Promise<Buffer> {
  const blockSize = 8
  const cost = 2 ** factor
  const options = { N: cost, r: blockSize, p: 1, maxmem: 2 * 128 * cost * blockSize }
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.concat([Buffer.from(label), salt]), 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
