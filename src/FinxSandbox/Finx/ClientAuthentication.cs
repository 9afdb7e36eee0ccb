using System.Security.Cryptography;
using System.Text;
using FinxSandbox.Calls;

namespace FinxSandbox.Finx;

/// <summary>finX's client authentication: HTTP Basic.</summary>
internal sealed class ClientAuthentication(LiveOptions options)
{
    /// <summary>The route, open only to the client.</summary>
    public Operation Guard(string operation, Func<Call, Answer> act) =>
        new(operation, call => IsClient(call) ? act(call) : FinxError.BadClient()) { Unknown = _ => FinxError.Missing(), BadClient = _ => FinxError.BadClient() };

    private bool IsClient(Call call)
    {
        if (call.Authorization("Basic") is not { } presented)
            return false;

        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Current.ClientId}:{options.Current.ClientSecret}"));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented), Encoding.UTF8.GetBytes(expected));
    }
}
