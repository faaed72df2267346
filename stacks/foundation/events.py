"""Events that cross to another account's deployment, or come from one. Only where the deployment file says so."""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.engine import App
from constructs_lib.events.alarms import alarm_topic
from constructs_lib.events.names import way_out, ways_in
from constructs_lib.events.receiver import receiver
from constructs_lib.events.sender import sender
from constructs_lib.stack import PlatformStack
from stacks.contracts import DataOutputs, EventsOutputs


class EventsStack(PlatformStack):
    layer = "foundation"
    stack = "events"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        topic = alarm_topic(self, key_arn=self.read(DataOutputs).data_key_arn)
        forward, out = deployment.events.forward, way_out(deployment)
        buses = {}
        if forward is not None and out is not None:
            buses[out.receiver] = sender(self, forward, out, topic=topic).arn
        queues = {name: receiver(self, way, topic=topic).name for name, way in ways_in(deployment).items()}
        self.export(EventsOutputs(bus_arns=buses, queue_names=queues))
