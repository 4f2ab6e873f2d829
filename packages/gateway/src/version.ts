import description from '../package.json' with { type: 'json' }

/** Version of the gateway, as the control plane, `/health` and `/metrics` show it. */
export const gatewayVersion: string = description.version
