# A cable is pulled, and plugged in again.
> cable office 192.0.2.1/24
> default_route office
> start
fetched, 2 articles
> unplug office
offline mode
showing 2 old articles
> plug office
back online
fetched, 4 articles
> end
