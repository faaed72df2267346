"""Names and addresses in values that lead nowhere."""

from __future__ import annotations

from tests.unit.constructs_lib.guardrails.broken import Broken, both, json, text, values

GIT = {"namespace": "argocd", "app": {"secret": "argocd-github-app", "key": "githubAppPrivateKey"}}
SHARED, BALANCERS = "idp-foundation-shared", "idp-platform-load-balancers"
ARGOCD, BACKSTAGE, EVENTS = "idp-platform-argocd", "idp-platform-backstage", "idp-platform-argo-events"
WORKFLOWS, DNS, KARPENTER = "idp-platform-argo-workflows", "idp-platform-external-dns", "idp-cluster-karpenter"
CERTIFICATE = ("resource", "aws_acm_certificate", "platform")
CONFIG = ("backstage", "appConfig")

HOSTS = [
    Broken(
        rule="REF-4",
        what="a host of another domain",
        change=values(ARGOCD, "argocd-ingress", "host", to="argocd.example.org"),
        said=(
            f"{ARGOCD}: helm_release.argocd_ingress: values/argocd-ingress.yaml: host: argocd.example.org is not in",
            "example.com",
            "deployment file",
        ),
    ),
    Broken(
        rule="REF-4",
        what="a host two levels below the domain",
        change=values(ARGOCD, "argocd-ingress", "host", to="cd.tools.example.com"),
        said=(ARGOCD, "cd.tools.example.com is not under the certificate of *.example.com, example.com", "dns/zone.py"),
    ),
    Broken(
        rule="REF-4",
        what="a certificate without the names below the domain",
        change=json(SHARED, *CERTIFICATE, "subject_alternative_names", to=[]),
        said=(ARGOCD, "argocd.example.com is not under the certificate of example.com"),
    ),
    Broken(
        rule="REF-4",
        what="one host of two components",
        change=values(ARGOCD, "argocd-ingress", "host", to="backstage.example.com"),
        said=(ARGOCD, f"backstage.example.com is answered by {BACKSTAGE} helm_release.backstage_ingress, too"),
    ),
    Broken(
        rule="REF-4",
        what="a callback to another host",
        change=values(WORKFLOWS, "argo-workflows", "server", "sso", "redirectUrl", to="https://wf.example.org/oauth2"),
        said=(WORKFLOWS, "values/argo-workflows.yaml: server.sso.redirectUrl:", "wf.example.org", "hosts[...]"),
    ),
    Broken(
        rule="REF-4",
        what="an issuer that is another",
        change=values(WORKFLOWS, "argo-workflows", "server", "sso", "issuer", to="https://dex.example.com"),
        said=(WORKFLOWS, "server.sso.issuer: nobody answers for dex.example.com"),
    ),
    Broken(
        rule="REF-4",
        what="a callback inside a text of settings",
        change=text(ARGOCD, "argocd", "https://workflows.example.com/oauth2", "https://wf.example.org/oauth2"),
        said=(ARGOCD, "values/argocd.yaml: configs.cm.dex.config: nobody answers for wf.example.org"),
    ),
    Broken(
        rule="REF-4",
        what="a base address that is another",
        change=values(BACKSTAGE, "backstage", *CONFIG, "app", "baseUrl", to="http://localhost:7007"),
        said=(BACKSTAGE, "backstage.appConfig.app.baseUrl: nobody answers for localhost"),
    ),
    Broken(
        rule="REF-4",
        what="a name of the zone that nobody answers for",
        change=values(ARGOCD, "argocd", "global", "domain", to="cd.example.com"),
        said=(ARGOCD, "global.domain: nobody answers for cd.example.com"),
    ),
    Broken(
        rule="REF-4",
        what="a link to a component that is off",
        change=both(json(BACKSTAGE, "resource", "helm_release", "backstage_ingress")),
        said=(BACKSTAGE, "values/backstage-platform.yaml: entities: nobody answers for backstage.example.com"),
    ),
    Broken(
        rule="REF-4",
        what="another zone's records",
        change=values(DNS, "external-dns", "domainFilters", 0, to="example.org"),
        said=(DNS, "domainFilters: example.org is not the zone, example.com"),
    ),
]

ROOTS = ("controller", "volumes", "rds-roots", "configMap", "name")
POSTGRESQL = ("controller", "persistence", "postgresql")
ANNOTATIONS = ("controller", "deploymentAnnotations")
OBJECTS = [
    Broken(
        rule="REF-5",
        what="a config map that nobody makes",
        change=values(WORKFLOWS, "argo-workflows", *ROOTS, to="roots"),
        said=(
            f"{WORKFLOWS}: helm_release.argo_workflows: values/argo-workflows.yaml: controller.volumes.configMap.name:",
            "nobody makes ConfigMap argo/roots",
            "guardrails/makers.py",
        ),
    ),
    Broken(
        rule="REF-5",
        what="a config map that is made no longer",
        change=values(BACKSTAGE, "backstage-base", "configMaps", to=[]),
        said=(BACKSTAGE, "nobody makes ConfigMap backstage/rds-roots"),
    ),
    Broken(
        rule="REF-5",
        what="a Secret of the environment",
        change=values(BACKSTAGE, "backstage", "backstage", "extraEnvVarsSecrets", "+", to="backstage-login"),
        said=(BACKSTAGE, "backstage.extraEnvVarsSecrets: nobody makes Secret backstage/backstage-login", "sync it"),
    ),
    Broken(
        rule="REF-5",
        what="a Secret with one of its keys",
        change=values(WORKFLOWS, "argo-workflows", *POSTGRESQL, "passwordSecret", "name", to="db"),
        said=(WORKFLOWS, "controller.persistence.postgresql.passwordSecret.name: nobody makes Secret argo/db"),
    ),
    Broken(
        rule="REF-5",
        what="a Secret inside a text of settings",
        change=text(ARGOCD, "argocd", "$argocd-github-oauth:client-id", "$github-oauth:client-id"),
        said=(ARGOCD, "configs.cm.dex.config: nobody makes Secret argocd/github-oauth"),
    ),
    Broken(
        rule="REF-5",
        what="a key that a Secret lacks",
        change=values(WORKFLOWS, "argo-workflows", *POSTGRESQL, "passwordSecret", "key", to="pass"),
        said=(
            WORKFLOWS,
            "passwordSecret.key: Secret argo/argo-workflows-database has no key pass, only password, username",
            "SyncedSecret",
        ),
    ),
    Broken(
        rule="REF-5",
        what="a key in the environment that a Secret lacks",
        change=values(
            BACKSTAGE,
            *("backstage", "backstage", "extraEnvVars"),
            to=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "backstage-keys", "key": "A"}}}],
        ),
        said=(BACKSTAGE, "secretKeyRef.key: Secret backstage/backstage-keys has no key A"),
    ),
    Broken(
        rule="REF-5",
        what="a key inside a text of settings that a Secret lacks",
        change=text(ARGOCD, "argocd", "$argocd-github-oauth:client-id", "$argocd-github-oauth:id"),
        said=(ARGOCD, "configs.cm.dex.config: Secret argocd/argocd-github-oauth has no key id"),
    ),
    Broken(
        rule="REF-5",
        what="a Secret in an annotation",
        change=values(WORKFLOWS, "argo-workflows", *ANNOTATIONS, "secret.reloader.stakater.com/reload", to="a,b"),
        said=(WORKFLOWS, "nobody makes Secret argo/b"),
    ),
    Broken(
        rule="REF-5",
        what="a Secret of pulling images",
        change=values(WORKFLOWS, "argo-workflows", "images", "imagePullSecrets", to=[{"name": "registry"}]),
        said=(WORKFLOWS, "images.imagePullSecrets.name: nobody makes Secret argo/registry"),
    ),
    Broken(
        rule="REF-5",
        what="a class that nobody makes",
        change=values(BALANCERS, "load-balancers", "balancers", "platform-public", "name", to="public"),
        said=(ARGOCD, "values/argocd-ingress.yaml: class: nobody makes IngressClass platform-public"),
    ),
    Broken(
        rule="REF-5",
        what="a class of a chart of others",
        change=values(BACKSTAGE, "backstage", "ingress", "className", to="nginx"),
        said=(BACKSTAGE, "ingress.className: nobody makes IngressClass nginx"),
    ),
    Broken(
        rule="REF-5",
        what="a bus that nobody makes",
        change=values(EVENTS, "events", "sensor", "eventBusName", to="other"),
        said=(EVENTS, "sensor.eventBusName: nobody makes EventBus argo-events/other"),
    ),
    Broken(
        rule="REF-5",
        what="an issuer that nobody makes",
        change=values(BACKSTAGE, "backstage", "ingress", "annotations", to={"cert-manager.io/cluster-issuer": "ca"}),
        said=(BACKSTAGE, "nobody makes ClusterIssuer ca"),
    ),
    Broken(
        rule="REF-5",
        what="a namespace of no component",
        change=values(EVENTS, "events", "sensor", "workflowNamespace", to="workflows"),
        said=(
            EVENTS,
            "values/events.yaml: sensor.workflowNamespace: nobody makes Namespace workflows",
            "namespaces.py",
        ),
    ),
    Broken(
        rule="REF-5",
        what="a namespace in a list",
        change=values(ARGOCD, "argocd-platform", "namespaces", "+", to="gone"),
        said=(ARGOCD, "namespaces: nobody makes Namespace gone"),
    ),
    Broken(
        rule="REF-5",
        what="a role that nobody makes",
        change=values("idp-teams-platform", "team-platform", "bindings", "developers", "role", to="admin"),
        said=("idp-teams-platform", "bindings.role: nobody makes ClusterRole admin"),
    ),
    Broken(
        rule="REF-5",
        what="a token of an App whose key is elsewhere",
        change=values("idp-teams-platform", "team-platform", "git", to={**GIT, "namespace": "argo"}),
        said=("idp-teams-platform", "git.app: nobody syncs key githubAppPrivateKey into Secret argo/argocd-github-app"),
    ),
    Broken(
        rule="REF-5",
        what="a token of an App by a key that the Secret lacks",
        change=values(
            "idp-teams-platform",
            "team-platform",
            "previews",
            to={"app": {"secret": "argocd-github-app", "key": "pem"}},
        ),
        said=("idp-teams-platform", "previews.app: nobody syncs key pem into Secret argocd/argocd-github-app"),
    ),
    Broken(
        rule="REF-5",
        what="a bucket that no stack makes",
        change=values(WORKFLOWS, "argo-workflows", "artifactRepository", "s3", "bucket", to="artifacts"),
        said=(WORKFLOWS, "artifactRepository.s3.bucket: no stack makes aws_s3_bucket artifacts", "naming"),
    ),
    Broken(
        rule="REF-5",
        what="a queue that no stack makes",
        change=values(KARPENTER, "karpenter", "settings", "interruptionQueue", to="karpenter"),
        said=(KARPENTER, "settings.interruptionQueue: no stack makes aws_sqs_queue karpenter"),
    ),
    Broken(
        rule="REF-5",
        what="another cluster",
        change=values(KARPENTER, "karpenter", "settings", "clusterName", to="other"),
        said=(KARPENTER, "settings.clusterName: no stack makes aws_eks_cluster other"),
    ),
]

NAMES = [*HOSTS, *OBJECTS]
