# As far as both get.
> cable office 192.0.2.1/24
> default_route office
> start
timeout -1, active ''
opened on office
weather: sunny
shim: closed by itself, timeout -1
> end
