# Started without a network.
> start
starting in offline mode
showing 0 old articles
> cable office 192.0.2.1/24
> default_route office
back online
fetched, 2 articles
> end
