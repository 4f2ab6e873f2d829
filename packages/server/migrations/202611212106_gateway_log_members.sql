-- The member of the organization who called with a token of the platform; older gateways do not say.
alter table gateway_request_logs add column user_id uuid;
