# No cable: the error comes once.
> cable office 192.0.2.1/24
> unplug office
> until ip link show office | grep -q NO-CARRIER; do sleep 0.02; done
> start office
error 4
done
> ends
