// Package tenants answers who somebody is and what they may do: the tenant
// tree, people and their memberships, sessions, invitations, and the audit
// trail every change of the portal ends in. Which rows they may see is decided
// by row security from Actor.Identity and, for accounts, by tenants/account.
//
// Words: tenant (not organisation), membership (not account: an account is a
// customer), role, permission, actor.
package tenants
