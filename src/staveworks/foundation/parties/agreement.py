"""The membership agreement: what it lets the operator see by default. A firm accepts it when it is claimed or registers."""

from dataclasses import dataclass

from staveworks.kit.text import Text

EDITION = "2026"


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that the operator may see: ``code`` is the field of the grant that an acceptance gives."""

    code: str
    text: Text
    purpose: Text


GRANTS = {
    grant.code: grant
    for grant in (
        Grant(
            "barrel",
            Text(
                zh="木桶：每块板的高度和水位", en="The barrel: the height of each plank and the water level"
            ),
            Text(
                zh="找出整个集群短在哪里，按它安排公共服务",
                en="To find where the cluster is short, and to arrange services by it",
            ),
        ),
        Grant(
            "profile",
            Text(zh="联系资料：电话、地址、人数、产品", en="The profile: phone, address, staff, products"),
            Text(zh="联系您，核对名册", en="To reach you, and to keep the roster right"),
        ),
    )
}
