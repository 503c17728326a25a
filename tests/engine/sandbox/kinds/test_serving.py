"""Load balancers, functions, endpoints and task clusters with every option."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import See


def test_load_balancers(see: See, ids: dict[str, str]) -> None:
    path = "LoadBalancers[].[LoadBalancerName, Type, Scheme]"
    assert see("elbv2", "describe_load_balancers", path) == [
        ["front-door", "application", "internet-facing"],
        ["inner", "network", "internal"],
    ]
    door, inner = (see("elbv2", "describe_load_balancers", f"LoadBalancers[{n}].LoadBalancerArn") for n in (0, 1))
    assert see("elbv2", "describe_listeners", "Listeners[].[Protocol, Port]", LoadBalancerArn=door) == [["HTTP", 80]]
    assert see("elbv2", "describe_listeners", "Listeners[].[Protocol, Port]", LoadBalancerArn=inner) == [["TCP", 80]]
    groups = dict(see("elbv2", "describe_target_groups", "TargetGroups[].[TargetGroupName, TargetGroupArn]"))
    targets = {
        name: see("elbv2", "describe_target_health", "TargetHealthDescriptions[].Target.Id", TargetGroupArn=arn)
        for name, arn in groups.items()
    }
    assert targets == {"front-door": [ids["one"]], "inner": []}


def test_a_function(see: See) -> None:
    path = "Configuration.[Runtime, MemorySize, Timeout, Environment.Variables, Role]"
    role = "arn:aws:iam::123456789012:role/worker"
    assert see("lambda", "get_function", path, FunctionName="greet") == ["python3.12", 512, 30, {"A": "b"}, role]
    assert see("lambda", "get_function", "[Concurrency.ReservedConcurrentExecutions, Tags]", FunctionName="greet") == [
        5,
        {"Team": "x"},
    ]


def test_an_endpoint_with_what_it_needs(see: See) -> None:
    assert see("sagemaker", "list_endpoints", "Endpoints[].[EndpointName, EndpointStatus]") == [["guess", "InService"]]
    variant = "ProductionVariants[0].[ModelName, InstanceType, InitialInstanceCount]"
    assert see("sagemaker", "describe_endpoint_config", variant, EndpointConfigName="guess") == [
        "guess",
        "ml.c5.large",
        2,
    ]


def test_task_clusters(see: See) -> None:
    arns = see("ecs", "list_clusters", "sort(clusterArns)")
    assert [arn.rsplit("/", 1)[1] for arn in arns] == ["idle-tasks", "tasks"]
    assert see(
        "ecs", "describe_services", "services[].[serviceName, runningCount]", cluster="tasks", services=["api"]
    ) == [["api", 1]]
    assert see("ecs", "describe_task_definition", "taskDefinition.[cpu, memory]", taskDefinition="api") == [
        "512",
        "1024",
    ]
    assert see("ecs", "list_services", "serviceArns", cluster="idle-tasks") == []


@pytest.mark.parametrize(
    ("namespace", "metric", "value"),
    [
        ("AWS/ApplicationELB", "RequestCount", "app/front-door/"),
        ("AWS/NetworkELB", "NewFlowCount", "app/inner/"),  # moto's ARNs say app of both
        ("AWS/Lambda", "Errors", "greet"),
        ("AWS/Lambda", "Duration", "greet"),
    ],
)
def test_histories(namespace: str, metric: str, value: str, see: See) -> None:
    found = see("cloudwatch", "list_metrics", "Metrics[].Dimensions[0].Value", Namespace=namespace, MetricName=metric)
    assert [each.startswith(value) for each in found] == [True]


def test_what_has_no_history(measured: Callable[[str, str], set[str]]) -> None:
    assert measured("AWS/SageMaker", "guess") == set()
