using Finx.Tokens;

namespace Finx.Connections;

/// <summary>The rows of a change that went through, with their new versions.</summary>
internal sealed record Written(Connection Connection, Claim? Claim);
