// The peer of the benchmark: CDK EKS Blueprints, used as its documentation shows, for a platform like ours. What it would
// ask AWS during a synth is given instead: versions of add-ons, names of zones, the id of the hosted zone.
import * as blueprints from "@aws-quickstart/eks-blueprints";
import { App } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as eks from "aws-cdk-lib/aws-eks";
import * as iam from "aws-cdk-lib/aws-iam";

const account = "111122223333";
const region = "us-west-2";
const teams = Number(process.env.TEAMS);
const ZONE = "zone";

/** A chart that Blueprints has no add-on for. */
class Chart extends blueprints.HelmAddOn {
  constructor(name: string, version: string, repository: string) {
    super({ name, version, repository, chart: name, namespace: name, release: name });
  }

  deploy(cluster: blueprints.ClusterInfo): void {
    this.addHelmChart(cluster, {}, true);
  }
}

const cluster = new blueprints.GenericClusterProvider({
  version: eks.KubernetesVersion.V1_34,
  endpointAccess: eks.EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom("203.0.113.0/24"),
  managedNodeGroups: [{
    id: "system",
    amiType: eks.NodegroupAmiType.BOTTLEROCKET_X86_64,
    instanceTypes: [new ec2.InstanceType("m5.large")],
    minSize: 2,
    desiredSize: 2,
    maxSize: 6,
    nodeGroupSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
  }],
});

const karpenter = new blueprints.KarpenterV1AddOn({
  interruptionHandling: true,
  podIdentity: true,
  nodePoolSpec: {
    requirements: [
      { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot", "on-demand"] },
      { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
    ],
    disruption: { consolidationPolicy: "WhenEmpty", consolidateAfter: "10m" },
  },
  ec2NodeClassSpec: {
    amiFamily: "Bottlerocket",
    amiSelectorTerms: [{ alias: "bottlerocket@latest" }],
    subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": "idp" } }],
    securityGroupSelectorTerms: [{ tags: { "karpenter.sh/discovery": "idp" } }],
  },
});

const addOns = [
  new blueprints.VpcCniAddOn({ version: "v1.20.4-eksbuild.1", enableNetworkPolicy: true }),
  new blueprints.CoreDnsAddOn("v1.12.4-eksbuild.1"),
  new blueprints.KubeProxyAddOn("v1.34.0-eksbuild.4"),
  new blueprints.EksPodIdentityAgentAddOn("v1.3.9-eksbuild.3"),
  new blueprints.EbsCsiDriverAddOn({ version: "v1.51.1-eksbuild.1" }),
  new blueprints.MetricsServerAddOn(),
  new blueprints.AwsLoadBalancerControllerAddOn(),
  karpenter,
  new blueprints.ExternalDnsAddOn({ hostedZoneResources: [ZONE] }),
  new blueprints.CertManagerAddOn(),
  new blueprints.ExternalsSecretsAddOn(),
  new blueprints.ArgoCDAddOn(),
  new Chart("argo-workflows", "0.45.27", "https://argoproj.github.io/argo-helm"),
  new Chart("argo-events", "2.4.16", "https://argoproj.github.io/argo-helm"),
  new Chart("argo-rollouts", "2.40.5", "https://argoproj.github.io/argo-helm"),
  new Chart("kyverno", "3.5.2", "https://kyverno.github.io/kyverno"),
  new Chart("reloader", "2.2.3", "https://stakater.github.io/stakater-charts"),
  new Chart("backstage", "2.6.1", "https://backstage.github.io/charts"),
  new Chart("alloy", "1.4.0", "https://grafana.github.io/helm-charts"),
];

function team(number: number): blueprints.ApplicationTeam {
  const name = `team-${String(number).padStart(4, "0")}`;
  return new blueprints.ApplicationTeam({
    name,
    users: [new iam.ArnPrincipal(`arn:aws:iam::${account}:role/${name}-developer`)],
    namespaceLabels: { team: name },
    namespaceHardLimits: { "requests.cpu": "4", "requests.memory": "8Gi" },
    serviceAccountName: name,
    serviceAccountPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName("AmazonS3ReadOnlyAccess")],
  });
}

const zones = ["a", "b", "c"].map((letter) => region + letter);
const app = new App({ context: { [`availability-zones:account=${account}:region=${region}`]: zones } });
// Synthesized when the builder has ended: the engine does so by itself where CDK_OUTDIR says the place.
void blueprints.EksBlueprint.builder()
  .account(account)
  .region(region)
  .version(eks.KubernetesVersion.V1_34)
  .clusterProvider(cluster)
  .resourceProvider(blueprints.GlobalResources.Vpc, new blueprints.VpcProvider(undefined, { primaryCidr: "10.100.0.0/16" }))
  .resourceProvider(ZONE, new blueprints.ImportHostedZoneProvider("Z0123456789ABCDEFGHIJ", "example.com"))
  .addOns(...addOns)
  .teams(...Array.from({ length: teams }, (_, number) => team(number)))
  .buildAsync(app, "idp");
