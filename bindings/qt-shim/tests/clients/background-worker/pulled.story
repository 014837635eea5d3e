# A cable is pulled, and plugged in again.
> cable office 192.0.2.1/24
> default_route office
> start
global manager: 1
nowhere: 0 ''
active: office, connected
> unplug office
worker: offline in its thread
> plug office
worker: online in its thread
have network: 111
> ends
