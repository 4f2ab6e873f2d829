/**
 * The JavaScript that every sandbox begins with: it turns the four functions of the host (`call`, `print`, `done`,
 * `failed`), which take and give texts, into what user code sees. It keeps its own `JSON` and `Promise`, so that code
 * which replaces them fools itself alone; nothing here is a boundary, because the host trusts no text.
 */
export const prelude = String.raw`
(function (call, print, done, failed) {
  'use strict'
  const { parse, stringify } = JSON
  const { defineProperty, assign, freeze } = Object
  const Promise_ = Promise, Error_ = Error, String_ = String, Number_ = Number
  const lineMax = 4000

  function ask(name, ...values) {
    return new Promise_((resolve, reject) => {
      const answer = (text) => resolve(text === '' ? undefined : parse(text))
      const refuse = (text) => {
        const { message, ...facts } = parse(text)
        reject(assign(new Error_(message), facts))
      }
      call(name, stringify(values), answer, refuse)
    })
  }

  function show(value) {
    if (typeof value === 'string') return value
    try {
      if (value instanceof Error_) return String_(value.stack ? value + '\n' + value.stack : value)
      if (typeof value === 'object' && value !== null) return String_(stringify(value))
      return String_(value)
    } catch { return '[a value that cannot be shown]' }
  }
  function line(level) {
    return (...values) => {
      let text = ''
      for (let index = 0; index < values.length && text.length < lineMax; index += 1)
        text += (index === 0 ? '' : ' ') + show(values[index])
      print(level, text.length > lineMax ? text.slice(0, lineMax) + '…' : text)
    }
  }
  const console = freeze({ log: line('log'), info: line('info'), warn: line('warn'), error: line('error'), debug: line('debug') })

  function collection(path) {
    return freeze({
      findOne: (filter) => ask('db.findOne', path, filter),
      find: (filter, options) => ask('db.find', path, filter, options),
      create: (data) => ask('db.create', path, data),
      update: (id, changes) => ask('db.update', path, id, changes),
      delete: (id) => ask('db.delete', path, id),
    })
  }
  const db = freeze({ ...collection(null), collection: (path) => collection(String_(path)) })

  async function fetch(url, options = {}) {
    const { method = 'GET', headers = {}, body } = options
    const isText = body === undefined || body === null || typeof body === 'string'
    const answer = await ask('fetch', {
      url: String_(url),
      method: String_(method),
      headers: { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined || body === null ? {} : { body: isText ? body : stringify(body) }),
    })
    const { status, text } = answer
    return freeze({
      status,
      ok: status >= 200 && status < 300,
      headers: freeze({ ...answer.headers, get: (name) => answer.headers[String_(name).toLowerCase()] ?? null }),
      text: async () => text,
      json: async () => parse(text),
    })
  }

  const secrets = freeze({ get: (name) => ask('secrets.get', String_(name)) })
  const given = { console, log: console.log, fetch, secrets, db }
  for (const name in given) defineProperty(globalThis, name, { value: given[name], writable: false, enumerable: true })

  function textOf(read, most) {
    try {
      const value = read()
      return value === undefined || value === null ? '' : String_(value).slice(0, most)
    } catch { return '' }
  }
  function describe(error) {
    const isObject = typeof error === 'object' && error !== null
    const message = isObject ? textOf(() => error.message, 2000) : textOf(() => error, 2000)
    const name = isObject ? textOf(() => error.name, 100) : ''
    const status = isObject ? Number_(textOf(() => error.status, 10)) : 0
    return stringify({
      message: name !== '' && name !== 'Error' ? name + ': ' + message : message,
      stack: isObject ? textOf(() => error.stack, 4000) : '',
      status: status >= 400 && status <= 499 && status % 1 === 0 ? status : null,
      code: isObject ? textOf(() => error.code, 100) || null : null,
    })
  }

  async function start(entry, argument) {
    try {
      const request = parse(argument)
      const value = entry.length === 0 && request === null ? await entry() : await entry(request, db)
      done(stringify({ value, body: request === null ? undefined : request.body }))
    } catch (error) {
      failed(describe(error))
    }
  }
  return freeze({ start, describe })
})
`
