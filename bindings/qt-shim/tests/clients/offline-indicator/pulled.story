# A cable is pulled, and plugged in again.
> cable office 192.0.2.1/24
> default_route office
> start
Online|
> unplug office
Offline|Changes are sent when you are online again.
> plug office
Online|
> end
