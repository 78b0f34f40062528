# Two policies that want the same index on every instance that one of them means: the
# functions would refuse to work with both (events/policy.py, Policy.contradicts), so the
# plan does.  Nothing is told here that is not certain; `nic policies check` tells all.

locals {
  # What the comparison needs of each policy.  If policies are wrong by themselves, their
  # variable's checks say so.
  compared = try([
    for one in var.policies : {
      name    = one.name
      index   = one.attachment.networkInterfaceIndex
      subnets = one.attachment.subnetIds
      groups  = toset(one.attachment.securityGroupIds)
      address = try(one.attachment.primaryV4AddressSpec.address, null)
      nat     = jsonencode(try(one.attachment.primaryV4AddressSpec.oneToOneNatSpec, null))
      zones = toset([
        for zone in keys(one.attachment.subnetIds) : zone
        if length(try(coalescelist(one.match.zoneIds), [])) == 0 || contains(try(coalescelist(one.match.zoneIds), []), zone)
      ])
      folders = toset(try(coalescelist(one.match.folderIds), []))
      causes  = toset(try(coalescelist(one.match.causes), []))
      pattern = try(coalesce(one.match.namePattern), "")
      labels = {
        for name, rule in try(one.match.labels, null) == null ? {} : one.match.labels : name => {
          present = try(rule.exists, true)
          any     = can(rule.exists)
          values  = toset(can(rule.exists) ? [] : try(rule.in, [rule]))
        }
      }
    }
  ], [])

  # For each pair, both ways: whether the first means every instance that the second means.
  # Zones and causes are compared below.
  pairs = try(flatten([
    for i, first in local.compared : [
      for j, second in local.compared : {
        covers = (
          (length(first.folders) == 0 || (length(second.folders) > 0 && length(setsubtract(second.folders, first.folders)) == 0)) &&
          (contains(["", "*", second.pattern], first.pattern) || (
            can(regex("^[a-z0-9_-]+$", second.pattern)) &&
            can(regex("^${replace(replace(first.pattern, "*", ".*"), "?", ".")}$", second.pattern))
          )) &&
          alltrue([
            for name, rule in first.labels : try(
              rule.present && second.labels[name].present
              ? (rule.any ? true : second.labels[name].any ? false : length(setsubtract(second.labels[name].values, rule.values)) == 0)
              : rule.present == second.labels[name].present,
              false
            )
          ])
        )
        # Both can be had somewhere, at the same place, and differ or share a cause.
        clash = (
          first.index == second.index && first.index != "auto" &&
          length(setintersection(first.zones, second.zones)) > 0 &&
          (
            length(first.causes) == 0 || length(second.causes) == 0 || length(setintersection(first.causes, second.causes)) > 0 ||
            first.groups != second.groups || first.address != second.address || (first.nat == "null") != (second.nat == "null") ||
            anytrue([for zone in setintersection(first.zones, second.zones) : first.subnets[zone] != second.subnets[zone]])
          )
        )
        told = "${local.compared[min(i, j)].name} and ${local.compared[max(i, j)].name}"
      } if i != j
    ]
  ]), [])

  contradictions = distinct([for one in local.pairs : one.told if one.covers && one.clash])
}
