"""Write, audit, publish: an audited warehouse becomes an immutable release folder, and the pointer moves last.

Here belong the fingerprint that ties an audit to a warehouse (`fingerprint`), the copy of the published schemas
(`copy`), the manifest (`manifest`) and the order of the steps (`release`). What does not belong here: deciding whether
the warehouse is good enough (that is the gate's), and any change to a figure.
"""

from disclosure.publish.fingerprint import fingerprint_warehouse
from disclosure.publish.release import Release, ReleaseRefused, latest_release, publish_release

__all__ = ["Release", "ReleaseRefused", "fingerprint_warehouse", "latest_release", "publish_release"]
