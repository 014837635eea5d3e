# A link is brought up for the mail.
% only the shim: Qt 5's own classes cannot bring a link up
> cable office
> ip link set office down
> start office
dialing
connected by office, open
mail: 2 messages
done, closed
> ends
