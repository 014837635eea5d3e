# A cable is pulled, plugged in again, and its card taken out.
> cable office 192.0.2.1/24
> default_route office
> start
# Qt 5 may tell of it late that it knows the link.
own?: added office: Active
shim: Internet: Active
shim:   office: Active
office: Active
  session: Connected, closed, on office
  session opened
  session: Connected, open, on office
> unplug office
  session closed
shim:   session error: 1
  session state: Not available
  session: Not available, closed, on no interface
changed office: Defined
> plug office
# With Qt 5's generic engine a session opens itself again.
own:   session opened
own:   session: Connected, open, on office
  session state: Connected
shim:   session: Connected, closed, on office
own:   session: Connected, open, on office
changed office: Active
# A link without a cable: the shim would open it by setting it up.
> ip link add home type veth peer name home.peer netns far
own: added home: Defined
shim: added home: Discovered
> ip link delete home
removed home
> end
