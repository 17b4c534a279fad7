# IAM's statements in OPA's language: `data.users` has the names of a user's documents, `data.documents` their statements.
package iam

import rego.v1

decisions := [allowed(asked) | some asked in input.requests]

allowed(asked) if {
	says(asked, "Allow")
	not says(asked, "Deny")
}

else := false

says(asked, effect) if {
	some name in data.users[asked.user]
	some statement in data.documents[name]
	statement.effect == effect
	some action in statement.actions
	glob.match(action, null, asked.action)
	some resource in statement.resources
	glob.match(resource, null, asked.resource)
	holds(statement.condition, asked.context)
}

holds(condition, _) if condition.operator == "none"

holds(condition, context) if {
	condition.operator == "IpAddress"
	some range in condition.values
	net.cidr_contains(range, context[condition.key])
}

holds(condition, context) if {
	condition.operator == "Bool"
	context[condition.key] in condition.values
}

holds(condition, context) if {
	condition.operator == "StringLike"
	some pattern in condition.values
	glob.match(pattern, null, context[condition.key])
}

holds(condition, context) if {
	condition.operator == "DateLessThan"
	some limit in condition.values
	time.parse_rfc3339_ns(context[condition.key]) < time.parse_rfc3339_ns(limit)
}
