using System.Security.Cryptography;
using System.Text;

namespace FinxSandbox.Calls;

/// <summary>The name of a token or code in journal and state.</summary>
public static class TokenHash
{
    /// <summary>SHA-256 of the token's UTF-8 bytes in lower-case hex.</summary>
    public static string Of(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
