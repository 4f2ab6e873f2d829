-- The service of a tenant that is this server: published endpoints lead there, and credentials of the platform nowhere
-- else. Only publishing makes one, and one is enough.
alter table gateway_services add column is_platform boolean not null default false;
create unique index gateway_services_platform on gateway_services (organization_id)
  where is_platform and deleted_at is null;
