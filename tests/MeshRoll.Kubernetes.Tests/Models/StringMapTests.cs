using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Tests.Models;

public sealed class StringMapTests
{
    [Theory]
    [InlineData("a=1 b=2 c=3", "a=1 b=2 c=3")]
    [InlineData("c=3 b=2 a=1", "a=1 b=2 c=3")]
    [InlineData("b=2 a=1 b=3", "a=1 b=3")]
    [InlineData("a=1 a=2 a=3", "a=3")]
    [InlineData("b=1 a=2 b=3 a=4 c=5 a=6", "a=6 b=3 c=5")]
    [InlineData("a=1 B=2 _=3", "B=2 _=3 a=1")]
    public void Entries_are_in_the_order_of_their_keys_and_of_equal_ones_the_last_counts(string given, string expected)
    {
        var map = StringMap.Of(Entries(given));
        Assert.Equal(expected, string.Join(' ', map.Select(entry => $"{entry.Key}={entry.Value}")));
        Assert.All(map, entry => Assert.Equal(entry.Value, map[entry.Key]));
        Assert.False(map.ContainsKey("z"));
    }

    [Fact]
    public void Any_map_reads_as_a_dictionary_would()
    {
        var random = new Random(7);
        for (var run = 0; run < 500; run++)
        {
            var entries = Enumerable.Range(0, random.Next(40)).Select(i => KeyValuePair.Create($"k{random.Next(30)}", $"v{i}")).ToArray();
            var expected = new Dictionary<string, string>();
            foreach (var (key, value) in entries) expected[key] = value;
            var map = StringMap.Of(entries);
            Assert.Equal(expected.OrderBy(entry => entry.Key, StringComparer.Ordinal), map);
            Assert.All(expected, entry => Assert.Equal(entry.Value, map[entry.Key]));
        }
    }

    private static KeyValuePair<string, string>[] Entries(string text) => [.. text.Split(' ').Select(entry => KeyValuePair.Create(entry[..entry.IndexOf('=')], entry[(entry.IndexOf('=') + 1)..]))];
}
