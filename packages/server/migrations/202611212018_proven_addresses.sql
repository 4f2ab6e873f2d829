-- Since when it is known that the e-mail address of a user is theirs; null while nobody has shown it. A provider's word
-- for an address leads to an account only once the address was shown to be the account's own.
alter table users add column email_proven_at timestamptz(3);

-- The address that a link was sent to. A link that an operator made, or an invitation, was sent to none.
alter table password_tokens add column mailed_to text;
