# The network is up.
> cable office 192.0.2.1/24
> default_route office
> start
connected by office, open
mail: 2 messages
done, closed
> ends
