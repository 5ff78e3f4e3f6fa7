namespace MeshRoll.Sandbox.Tests.Protobuf;

/// <summary>One object of each kind, with something in every field that the wire library reads and in many that it does not.</summary>
internal static class Samples
{
    private const string Metadata = """
        "metadata":{"name":"web","generateName":"web-","namespace":"shop","uid":"6b1d","resourceVersion":"12345","generation":3,
        "creationTimestamp":"2026-01-01T13:00:00Z","deletionTimestamp":"2026-01-01T14:00:00Z","deletionGracePeriodSeconds":30,
        "labels":{"app":"web","version":"1"},"annotations":{"note":"a \"quoted\" one\nand a line, ä, \u00fc"},
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-1","uid":"77","controller":true,"blockOwnerDeletion":true}],
        "finalizers":["a","b"],"managedFields":[{"manager":"kubectl","operation":"Update","apiVersion":"v1","time":"2026-01-01T13:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{}}}}]}
        """;

    private const string PodSpec = """
        "spec":{"volumes":[{"name":"data","emptyDir":{"sizeLimit":"1Gi"}},{"name":"token","projected":{"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":3600}}]}}],
        "initContainers":[{"name":"proxy","image":"proxy:2","restartPolicy":"Always","securityContext":{"capabilities":{"add":["NET_ADMIN"]},"runAsUser":1337}}],
        "containers":[{"name":"app","image":"web:1","command":["run"],"args":["-v","2"],"ports":[{"containerPort":8080,"protocol":"TCP"}],
        "env":[{"name":"A","value":"1"},{"name":"B","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},{"name":"C","valueFrom":{"configMapKeyRef":{"name":"cm","key":"k","optional":true}}}],
        "resources":{"requests":{"cpu":"100m","memory":"64Mi"}},
        "readinessProbe":{"httpGet":{"path":"/ready","port":"http"},"initialDelaySeconds":1,"timeoutSeconds":2,"periodSeconds":3,"successThreshold":4,"failureThreshold":5},
        "livenessProbe":{"tcpSocket":{"port":8080}},"lifecycle":{"preStop":{"sleep":{"seconds":5}}},"volumeMounts":[{"name":"data","mountPath":"/data","readOnly":true}]}],
        "restartPolicy":"Always","terminationGracePeriodSeconds":45,"nodeSelector":{"os":"linux"},"serviceAccountName":"web","nodeName":"node-1","hostNetwork":true,
        "affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":100,"podAffinityTerm":{"labelSelector":{"matchLabels":{"app":"web"}},"topologyKey":"zone"}}]}},
        "tolerations":[{"key":"a","operator":"Exists","tolerationSeconds":300}],"readinessGates":[{"conditionType":"x"}]}
        """;

    private const string Template = "\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"},\"annotations\":{\"sidecar.istio.io/inject\":\"true\"}}," + PodSpec + "}";

    private const string Selector = """
        "selector":{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["a","b"]}]}
        """;

    // Only a Deployment's condition says when it was updated.
    private const string Conditions = """
        "conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded","message":"timed out","lastUpdateTime":"2026-01-01T13:00:01Z","lastTransitionTime":"2026-01-01T13:00:02Z"}]
        """;

    public const string Pod = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\"," + Metadata + "," + PodSpec + """
        ,"status":{"phase":"Running","reason":"Evicted","message":"low on memory","hostIP":"10.1.0.1","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],"startTime":"2026-01-01T13:00:03Z","qosClass":"Burstable",
        "conditions":[{"type":"Ready","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-01T13:00:04Z","reason":"r","message":"m"}],
        "initContainerStatuses":[{"name":"proxy","image":"proxy:2","ready":true,"started":true,"restartCount":1,"state":{"running":{"startedAt":"2026-01-01T13:00:05Z"}},
        "lastState":{"terminated":{"exitCode":137,"signal":9,"reason":"OOMKilled","message":"killed","startedAt":"2026-01-01T13:00:06Z","finishedAt":"2026-01-01T13:00:07Z","containerID":"x"}}}],
        "containerStatuses":[{"name":"app","image":"web:1","imageID":"web@sha256:1","ready":false,"restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off"}},"lastState":{}}]}}
        """;

    public const string Namespace = """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","labels":{"istio.io/rev":"1-27-1"}},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}""";

    public const string ConfigMap = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"," + Metadata + ",\"data\":{\"a\":\"1\",\"empty\":\"\"},\"binaryData\":{\"b\":\"AAEC\"},\"immutable\":true}";

    public const string Event = "{\"apiVersion\":\"v1\",\"kind\":\"Event\"," + Metadata + """
        ,"involvedObject":{"apiVersion":"v1","kind":"Pod","namespace":"shop","name":"web","uid":"6b1d","resourceVersion":"1","fieldPath":"spec.containers{app}"},"reason":"Killing","message":"Stopping container app",
        "source":{"component":"kubelet","host":"node-1"},"firstTimestamp":"2026-01-01T13:00:08Z","lastTimestamp":"2026-01-01T13:00:09Z","count":7,"type":"Normal","eventTime":"2026-01-01T13:00:10.123456Z",
        "series":{"count":2,"lastObservedTime":"2026-01-01T13:00:11.000001Z"},"action":"x","reportingComponent":"kubelet","reportingInstance":"node-1"}
        """;

    public const string Deployment = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\"," + Metadata + ",\"spec\":{\"replicas\":3," + Selector + "," + Template + """
        ,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":1}},"minReadySeconds":5,"revisionHistoryLimit":10,"paused":true,"progressDeadlineSeconds":600},
        "status":{"observedGeneration":2,"replicas":4,"updatedReplicas":3,"readyReplicas":2,"availableReplicas":1,"unavailableReplicas":5,
        """ + Conditions + "}}";

    public const string ReplicaSet = "{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\"," + Metadata + ",\"spec\":{\"replicas\":3,\"minReadySeconds\":1," + Selector + "," + Template + """
        },"status":{"replicas":3,"fullyLabeledReplicas":3,"readyReplicas":2,"availableReplicas":1,"observedGeneration":2,
        "conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"quota","lastTransitionTime":"2026-01-01T13:00:02Z"}]}}
        """;

    public const string StatefulSet = "{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\"," + Metadata + ",\"spec\":{\"replicas\":3,\"serviceName\":\"db\",\"podManagementPolicy\":\"Parallel\"," + Selector + "," + Template + """
        ,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":2}},"minReadySeconds":4,"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]},
        "status":{"observedGeneration":2,"replicas":3,"readyReplicas":2,"currentReplicas":1,"updatedReplicas":2,"availableReplicas":1,"currentRevision":"db-1","updateRevision":"db-2"}}
        """;

    public const string DaemonSet = "{\"apiVersion\":\"apps/v1\",\"kind\":\"DaemonSet\"," + Metadata + ",\"spec\":{" + Selector + "," + Template + """
        ,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"10%"}},"minReadySeconds":6},
        "status":{"observedGeneration":2,"currentNumberScheduled":1,"numberMisscheduled":2,"desiredNumberScheduled":3,"numberReady":4,"updatedNumberScheduled":5,"numberAvailable":6,"numberUnavailable":7}}
        """;

    public const string MutatingWebhookConfiguration = "{\"apiVersion\":\"admissionregistration.k8s.io/v1\",\"kind\":\"MutatingWebhookConfiguration\"," + Metadata + """
        ,"webhooks":[{"name":"a.istio.io","clientConfig":{"service":{"namespace":"istio-system","name":"istiod","path":"/inject","port":443},"caBundle":"AAEC"},
        "rules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"],"scope":"*"}],"failurePolicy":"Fail","sideEffects":"None","timeoutSeconds":10,"admissionReviewVersions":["v1"],
        "namespaceSelector":{"matchLabels":{"istio-injection":"enabled"}},"objectSelector":{"matchExpressions":[{"key":"sidecar.istio.io/inject","operator":"NotIn","values":["false"]}]}},
        {"name":"b.istio.io","clientConfig":{"url":"https://example.org/inject"}}]}
        """;
}
