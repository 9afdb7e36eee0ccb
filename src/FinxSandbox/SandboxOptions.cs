using System.Text.Json.Serialization;
using FinxSandbox.Finx.Tokens;
using FinxSandbox.Finx.Widget;

namespace FinxSandbox;

/// <summary>
/// The sandbox's behaviour. Where finX's documents leave a question open or contradict each other, there is an option.
/// All but those of <see cref="FixedAtStart"/> may be changed while it runs.
/// </summary>
public sealed record SandboxOptions
{
    internal static readonly IReadOnlySet<string> FixedAtStart = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        nameof(FinxPort), nameof(VaultPorts), nameof(CertificateKeyPhrase), nameof(JournalCapacity), nameof(IdentityHeader),
    };

    /// <summary>User name of finX's client authentication (HTTP Basic).</summary>
    public string ClientId { get; init; } = "sandbox-client";

    /// <summary>Password of finX's client authentication (HTTP Basic).</summary>
    public string ClientSecret { get; init; } = "sandbox-secret";

    /// <summary>Port of finX, its widget, the managed identity and the control API. 0 takes a free one.</summary>
    public int FinxPort { get; init; }

    /// <summary>One vault for each port. 0 takes a free one.</summary>
    public int[] VaultPorts { get; init; } = [0];

    /// <summary>
    /// Derives the vaults' private key, so that their public key is the same at each start; null makes a random one.
    /// The phrase reveals the key: for local development only.
    /// </summary>
    public string? CertificateKeyPhrase { get; init; }

    /// <summary>The X-IDENTITY-HEADER that the managed identity requires; null makes a random one.</summary>
    public string? IdentityHeader { get; init; }

    /// <summary>The most calls in the journal. The oldest are removed first.</summary>
    public int JournalCapacity { get; init; } = 100_000;

    /// <summary>The clock to which <see cref="SandboxClock"/> adds its offset.</summary>
    [JsonIgnore]
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a widget link can be opened and finished.</summary>
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The form of a cancellation at the redirect URI; finX documents two.</summary>
    public CallbackVariant CallbackVariant { get; init; } = CallbackVariant.Cancel;

    /// <summary>Order of the callback's parameters; finX documents show both.</summary>
    public CallbackOrder CallbackOrder { get; init; } = CallbackOrder.CodeFirst;

    /// <summary>Whether the callback of /ongoing/sync carries a code.</summary>
    public bool SyncReturnsCode { get; init; }

    /// <summary>finX documents 5 minutes and 1 hour.</summary>
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Whether a new refresh token has a full life, or only the rest of its family's.</summary>
    public bool RotationRestartsLifetime { get; init; } = true;

    /// <summary>When false, a refresh answers without a refresh token and the presented one stays valid.</summary>
    public bool RotatesRefreshToken { get; init; } = true;

    /// <summary>
    /// The member that states the life of the refresh token in seconds, such as <c>refresh_token_expires_in</c> or
    /// <c>refresh_expires_in</c>; null states none.
    /// </summary>
    public string? RefreshLifetimeField { get; init; }

    /// <summary>Whether a user has one grant: a new consent kills the tokens that the user had before.</summary>
    public bool OneGrantPerUser { get; init; }

    /// <summary>How far finX's clock is ahead of the sandbox's. Its tokens expire by it, and its Date header shows it.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>What happens to a refresh token that was used.</summary>
    public RefreshTokenReuse RefreshTokenReuse { get; init; } = RefreshTokenReuse.Dead;

    /// <summary>How long a used refresh token is still honoured under <see cref="RefreshTokenReuse.Grace"/>.</summary>
    public TimeSpan GraceWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Characters of a code; null makes one that looks like a JWT.</summary>
    public int? CodeLength { get; init; }

    /// <summary>Characters of an access token; null makes one that looks like a JWT.</summary>
    public int? AccessTokenLength { get; init; }

    /// <summary>Characters of a refresh token.</summary>
    public int RefreshTokenLength { get; init; } = 64;

    public bool OmitExpiresIn { get; init; }

    public bool OmitScope { get; init; }

    /// <summary>Shape of the token endpoint's errors.</summary>
    public TokenErrorShape TokenErrorShape { get; init; } = TokenErrorShape.Finx;

    /// <summary>Status of a refused code or refresh token; finX documents none, so 400, 401 and 403 are all possible.</summary>
    public int TokenRefusalStatus { get; init; } = 400;

    /// <summary>Days of history where the link names no sync_period. A bank of the sandbox holds 365.</summary>
    public int DefaultSyncPeriod { get; init; } = 90;

    /// <summary>Whether a vault refuses more than 300 sets, or 4,000 other calls, in 10 seconds.</summary>
    public bool VaultThrottling { get; init; } = true;

    /// <summary>Retry-After of a throttled vault call; null sends none.</summary>
    public TimeSpan? VaultRetryAfter { get; init; }

    /// <summary>How long a deletion takes, during which the name answers 409 ObjectIsBeingDeleted.</summary>
    public TimeSpan VaultDeletionTime { get; init; }

    /// <summary>How long a deleted secret can be recovered.</summary>
    public TimeSpan VaultRetention { get; init; } = TimeSpan.FromDays(90);

    public bool VaultPurgeProtection { get; init; }
}
