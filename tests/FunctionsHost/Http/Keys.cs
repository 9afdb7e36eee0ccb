using System.Security.Cryptography;
using System.Text;
using FunctionsHost.Functions;

namespace FunctionsHost.Http;

/// <summary>What the key of a request opens. The header goes before the query, even where the header holds nothing.</summary>
internal sealed class Keys(HostOptions options)
{
    private const string HeaderName = "x-functions-key";
    private const string QueryName = "code";

    private readonly byte[] _function = Hash(options.FunctionKey);
    private readonly byte[] _master = Hash(options.MasterKey);

    public AccessLevel LevelOf(HttpRequest request)
    {
        if (!options.ChecksKeys)
            return AccessLevel.Admin;

        var key = Hash((request.Headers.TryGetValue(HeaderName, out var header) ? header[0] : request.Query[QueryName].FirstOrDefault()) ?? "");
        if (CryptographicOperations.FixedTimeEquals(key, _master))
            return AccessLevel.Admin;

        return CryptographicOperations.FixedTimeEquals(key, _function) ? AccessLevel.Function : AccessLevel.Anonymous;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
