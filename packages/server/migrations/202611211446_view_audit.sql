-- The audit trail has a permission of its own: who may watch requests need not read who changed what.
update groups set permissions = array_append(permissions, 'view_audit')
where is_system and not 'view_audit' = any (permissions) and id in (
  '019b0000-0000-7000-8000-000000000001', -- Super Admin
  '019b0000-0000-7000-8000-000000000002', -- Admin
  '019b0000-0000-7000-8000-000000000006', -- Operator
  '019b0000-0000-7000-8000-000000000007' -- Auditor
);
