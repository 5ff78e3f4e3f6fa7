using System.Text.RegularExpressions;

namespace MeshRoll.ClusterTests.Kubectl;

/// <summary>
/// What kubectl prints, without what differs between any two clusters: identities, addresses, times, and the widths of columns that follow from
/// them. What Kubernetes itself words differently in its newer versions is listed at the end, so that every difference that is accepted can be read.
/// </summary>
internal static partial class Normalised
{
    /// <summary>The text of one answer, line by line.</summary>
    public static string Of(string text)
    {
        text = ManagedFields().Replace(text, "");
        text = Uid().Replace(text, "<uid>");
        text = Time().Replace(text, "<time>");
        text = DescribedTime().Replace(text, "<time>");
        text = TemplateHash().Replace(text, "<hash>");
        text = PodSuffix().Replace(text, "-<hash>-<id>");
        text = RevisionSuffix().Replace(text, "-<hash>");
        text = ShortSuffix().Replace(text, "-<id>");
        text = Address().Replace(text, "<ip>");
        text = Node().Replace(text, "<node>");
        text = Age().Replace(text, "<age>");
        text = Version().Replace(text, "$1<version>");
        text = Container().Replace(text, "<container>");
        text = Path().Replace(text, "$1<path>");
        foreach (var (pattern, replacement) in NewerWords) text = Regex.Replace(text, pattern, replacement, RegexOptions.Multiline);
        var lines = text.Split('\n').Select(line => Blanks().Replace(line.TrimEnd(), "  ")).Where(line => !Only().IsMatch(line));
        return string.Join('\n', lines).Trim();
    }

    /// <summary>Kubernetes after 1.20 says these differently, or says them at all; the sandbox speaks as 1.30 does.</summary>
    private static readonly (string Pattern, string Replacement)[] NewerWords =
    [
        // Since 1.27 the event tells the former size too.
        (@"(Scaled (?:up|down) replica set \S+ to \d+) from \d+", "$1"),
        // Services can be deleted as a collection since 1.23.
        (@"(Service\s+\[create delete )deletecollection ", "$1"),
        // Since 1.27 a patch of the wrong type is told with the whole object.
        (@"(patch: Invalid value: )"".*", "$1"),
        // How much of a long annotation is shown depends on the length of the paths in it.
        (@"--kubeconfig=<path>.*", "--kubeconfig=<path>"),
        // Two networks, since 1.23.
        (@"^ *IP Famil.*\n", ""),
        (@"^ *internalTrafficPolicy: .*\n *ipFamilies:\n *- IPv4\n *ipFamilyPolicy: .*\n", ""),
        // Conditions, labels and fields that came later.
        (@"^ *- lastProbeTime: null\n *lastTransitionTime: .*\n *status: .*\n *type: PodReadyToStartContainers\n", ""),
        (@"^.*PodReadyToStartContainers.*\n", ""),
        (@"apps\.kubernetes\.io/pod-index=\d+,", ""),
        (@"^ *apps\.kubernetes\.io/pod-index.*\n", ""),
        (@"^ *(?:availableReplicas|maxSurge): \d\n", ""),
        (@"^ *hostIPs:\n *- ip: <ip>\n", ""),
        // Newer servers leave out what nobody set.
        (@"^ *creationTimestamp: null\n", ""),
    ];

    // kubectl 1.20 prints them, later ones do not.
    [GeneratedRegex(@"^( *)managedFields:\n(?:\1- .*\n|\1  .*\n)*", RegexOptions.Multiline)]
    private static partial Regex ManagedFields();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")]
    private static partial Regex Time();

    [GeneratedRegex(@"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")]
    private static partial Regex DescribedTime();

    [GeneratedRegex(@"(?<=(?:pod-template-hash|controller-revision-hash|rollouts-pod-template-hash|controller-uid)[=:] ?)\S+?(?=,|$|\s)", RegexOptions.Multiline)]
    private static partial Regex TemplateHash();

    // A pod of a Deployment; hashes of the real server are numbers in these signs, seldom shorter than 8.
    [GeneratedRegex("-[bcdf0-9a-z]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9-])")]
    private static partial Regex PodSuffix();

    // A number, each digit of which is told by one of ten signs.
    [GeneratedRegex("-[bcdf4-9]{6,10}(?![a-z0-9-])")]
    private static partial Regex RevisionSuffix();

    // Generated names have no vowels, words do.
    [GeneratedRegex("(?<=[a-z0-9])-[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9-])")]
    private static partial Regex ShortSuffix();

    [GeneratedRegex(@"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"\bnode-\d+\b")]
    private static partial Regex Node();

    [GeneratedRegex(@"(?<![\w.-])(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=\d[smhd])(?![\w-])")]
    private static partial Regex Age();

    [GeneratedRegex(@"((?:resourceVersion""?|Resource Version): *""?)\d+")]
    private static partial Regex Version();

    [GeneratedRegex("containerd://[0-9a-f]{64}")]
    private static partial Regex Container();

    [GeneratedRegex(@"(--(?:kubeconfig|cache-dir)=)\S+")]
    private static partial Regex Path();

    [GeneratedRegex("(?<=\\S) {2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex("^ *selfLink: ")]
    private static partial Regex Only();
}
