"""What a deployment needs of the quotas of AWS, Kubernetes and Argo CD, counted before anything is synthesized."""
