"""What answers requests: load balancers, Lambda functions, SageMaker endpoints, ECS clusters with services."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from engine.sandbox.kinds.kind import Kind, Names
from engine.sandbox.series import Series
from engine.sandbox.site import ACCOUNT, Site, tag_list


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer(Kind):
    """A load balancer of the second generation, with one target group and one listener on port 80.

    Units:    requests (application) and flows (network) an hour.
    """

    called: ClassVar[str] = "a load balancer"

    type: Literal["application", "network"] = "application"
    internal: bool = False
    targets: tuple[Annotated[str, Names("instances")], ...] = ()
    requests: Series | None = None
    flows: Series | None = None

    def build(self, site: Site) -> None:
        default = [{"Name": "default-for-az", "Values": ["true"]}]
        subnets = site.client("ec2", self).describe_subnets(Filters=default)["Subnets"][:2]
        elb = site.client("elbv2", self)
        extra: dict[str, Any] = {"Tags": tag_list(self.tags)} if self.tags else {}
        made = elb.create_load_balancer(
            Name=self.name,
            Subnets=[subnet["SubnetId"] for subnet in subnets],
            Scheme="internal" if self.internal else "internet-facing",
            Type=self.type,
            **extra,
        )["LoadBalancers"][0]["LoadBalancerArn"]
        protocol = "HTTP" if self.type == "application" else "TCP"
        group = elb.create_target_group(
            Name=self.name, Protocol=protocol, Port=80, VpcId=subnets[0]["VpcId"], TargetType="instance", **extra
        )["TargetGroups"][0]["TargetGroupArn"]
        forward = [{"Type": "forward", "TargetGroupArn": group}]
        elb.create_listener(LoadBalancerArn=made, Protocol=protocol, Port=80, DefaultActions=forward)
        if self.targets:
            ids = [{"Id": site.recall("instances", target)} for target in self.targets]
            elb.register_targets(TargetGroupArn=group, Targets=ids)
        site.backdate(site.backend("elbv2", self).load_balancers[made], self.age, "created_time")
        dimension = {"LoadBalancer": made.split(":loadbalancer/")[1]}
        if self.type == "application":
            site.record(self, "AWS/ApplicationELB", dimension, {"RequestCount": self.requests})
        else:
            site.record(self, "AWS/NetworkELB", dimension, {"NewFlowCount": self.flows})


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Kind):
    """A Lambda function; its age counts from the last change.

    Units:    memory in MiB; timeout in seconds; invocations and errors an hour; duration in milliseconds.
    """

    called: ClassVar[str] = "a function"

    role: Annotated[str, Names("roles")]
    runtime: str = "python3.13"
    memory: int = 128
    timeout: int = 3
    reserved: int | None = None
    environment: dict[str, str] = field(default_factory=dict)
    invocations: Series | None = None
    errors: Series | None = None
    duration: Series | None = None

    def build(self, site: Site) -> None:
        functions = site.client("lambda", self)
        functions.create_function(
            FunctionName=self.name,
            Role=site.recall("roles", self.role),
            Runtime=self.runtime,
            Handler="index.handler",
            Code={"ZipFile": _package()},
            MemorySize=self.memory,
            Timeout=self.timeout,
            Environment={"Variables": self.environment},
            Tags=self.tags,
        )
        if self.reserved is not None:
            functions.put_function_concurrency(FunctionName=self.name, ReservedConcurrentExecutions=self.reserved)
        function = site.backend("lambda", self).get_function(self.name)
        site.backdate(function, self.age, "last_modified")
        metrics = {"Invocations": self.invocations, "Errors": self.errors, "Duration": self.duration}
        site.record(self, "AWS/Lambda", {"FunctionName": self.name}, metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Kind):
    """A SageMaker endpoint in service, with the model and the configuration it needs.

    Units:    invocations an hour.
    """

    called: ClassVar[str] = "an endpoint"

    role: Annotated[str, Names("roles")]
    type: str = "ml.m5.large"
    count: int = 1
    invocations: Series | None = None

    def build(self, site: Site) -> None:
        sagemaker = site.client("sagemaker", self)
        tags = tag_list(self.tags)
        image = f"{ACCOUNT}.dkr.ecr.{site.region(self)}.amazonaws.com/{self.name}:latest"
        sagemaker.create_model(
            ModelName=self.name,
            PrimaryContainer={"Image": image},
            ExecutionRoleArn=site.recall("roles", self.role),
            Tags=tags,
        )
        variant = {
            "VariantName": "AllTraffic",
            "ModelName": self.name,
            "InstanceType": self.type,
            "InitialInstanceCount": self.count,
            "InitialVariantWeight": 1.0,
        }
        sagemaker.create_endpoint_config(EndpointConfigName=self.name, ProductionVariants=[variant], Tags=tags)
        sagemaker.create_endpoint(EndpointName=self.name, EndpointConfigName=self.name, Tags=tags)
        backend = site.backend("sagemaker", self)
        site.backdate(backend.endpoints[self.name], self.age, "creation_time", "last_modified_time")
        site.backdate(backend.endpoint_configs[self.name], self.age, "creation_time")
        site.backdate(backend._models[self.name], self.age, "creation_time")
        dimensions = {"EndpointName": self.name, "VariantName": "AllTraffic"}
        site.record(self, "AWS/SageMaker", dimensions, {"Invocations": self.invocations})


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of an ECS cluster that keeps `desired` tasks on Fargate."""

    called: ClassVar[str] = "a service"

    name: str
    desired: int = 1
    cpu: int = 256
    memory: int = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCluster(Kind):
    """An ECS cluster with its services; empty when it has none."""

    called: ClassVar[str] = "a task cluster"

    services: tuple[Service, ...] = ()

    def build(self, site: Site) -> None:
        ecs = site.client("ecs", self)
        tags = tag_list(self.tags, "key", "value")
        ecs.create_cluster(clusterName=self.name, tags=tags)
        for service in self.services:
            ecs.register_task_definition(
                family=service.name,
                requiresCompatibilities=["FARGATE"],
                networkMode="awsvpc",
                cpu=str(service.cpu),
                memory=str(service.memory),
                containerDefinitions=[{"name": "app", "image": f"{service.name}:1", "memory": service.memory}],
                tags=tags,
            )
            ecs.create_service(
                cluster=self.name,
                serviceName=service.name,
                taskDefinition=service.name,
                desiredCount=service.desired,
                launchType="FARGATE",
                tags=tags,
            )
            # Moto starts a service's tasks when its count is updated, not when it is made.
            ecs.update_service(cluster=self.name, service=service.name, desiredCount=service.desired)
        if self.age is not None:
            self._age(site, site.ago(self.age))

    def _age(self, site: Site, moment: datetime) -> None:
        for service in site.backend("ecs", self).services.values():
            if service.cluster_name == self.name:
                for deployment in service.deployments:
                    deployment |= {"createdAt": moment, "updatedAt": moment, "rolloutState": "COMPLETED"}
                    deployment |= {"runningCount": service.desired_count, "pendingCount": 0}


def _package() -> bytes:
    """The smallest code a function can have."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return event\n")
    return held.getvalue()
