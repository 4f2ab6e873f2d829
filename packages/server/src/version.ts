import description from '../package.json' with { type: 'json' }

/** Version of the product, as health, settings and OpenAPI show it. */
export const productVersion: string = description.version
