# A link is brought up for the mail.
% only the shim: Qt 5's own classes cannot bring a link up
> cable office 192.0.2.1/24
> ip link set office down
> start office
dialing
connected by office, open
mail: 2 messages
done, closed
> ends
