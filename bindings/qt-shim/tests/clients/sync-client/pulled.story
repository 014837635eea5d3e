# A cable is pulled, and plugged in again.
> cable office 192.0.2.1/24
> default_route office
> start
office is active
sent revision 1
> unplug office
paused
office is gone
> plug office
sent revision 2
office is active again
> end
