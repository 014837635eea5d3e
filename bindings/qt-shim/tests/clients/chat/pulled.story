# A cable is pulled, and plugged in again.
> cable office 192.0.2.1/24
> default_route office
> start
online
room: welcome, visitor 1
> unplug office
offline
left the room
> plug office
online
room: welcome, visitor 2
> end
