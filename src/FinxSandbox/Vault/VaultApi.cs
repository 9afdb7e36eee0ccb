using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FinxSandbox.Calls;
using FinxSandbox.Faults;
using FinxSandbox.Identity;

namespace FinxSandbox.Vault;

/// <summary>The secrets of a Key Vault in miniature (learn.microsoft.com/rest/api/keyvault/secrets).</summary>
internal sealed partial class VaultApi(LiveOptions options, SandboxClock clock)
{
    private const int MaxPage = 25;
    private const int MaxValueBytes = 25 * 1024;
    private const int MaxContentType = 255;
    private const int MaxTags = 15;
    private const int MaxTagLength = 512;

    private readonly SecretStore _secrets = new(options, clock);
    private readonly Throttle _throttle = new(clock);

    public Operation Route(Call call)
    {
        if (call.Authorization("Bearer") is not { } token)
            return new(FaultRules.Challenge, _ => VaultError.Challenge("AKV10000: Request is missing a Bearer or PoP token."));

        var operation = Find(call);
        return operation with
        {
            Act = Guarded,
            Unknown = unknown => VaultError.SecretNotFound(unknown.Path.ElementAtOrDefault(1) ?? ""),
            BadClient = _ => VaultError.NoAccess(),
        };

        Answer Guarded(Call guarded)
        {
            if (!IdentityTokens.IsGood(token, VaultError.Resource))
                return VaultError.Challenge("AKV10022: Invalid audience, or a token that is unknown or expired.");
            if (options.Current.VaultThrottling && !_throttle.Admit(operation.Name is "vault.set"))
                return Throttled();
            return operation.Act(guarded);
        }
    }

    public bool Lose(string name, bool purge) => _secrets.Lose(name, purge);

    public void Restore(DateTimeOffset moment) => _secrets.Restore(moment);

    private Operation Find(Call call) => (call.Method, call.Path) switch
    {
        ("PUT", ["secrets", var name]) => new("vault.set", _ => Set(call, name)),
        ("GET", ["secrets"]) => new("vault.list", _ => Page(call, _secrets.List(deleted: false), Listed)),
        ("GET", ["secrets", var name, "versions"]) => new("vault.versions", _ => Page(call, _secrets.Versions(name), Properties)),
        ("GET", ["secrets", var name, .. var version]) => new("vault.get", _ => Get(call, name, version.FirstOrDefault())),
        ("PATCH", ["secrets", var name, .. var version]) => new("vault.update", _ => Update(call, name, version.FirstOrDefault())),
        ("DELETE", ["secrets", var name]) => new("vault.delete", _ => Delete(call, name)),
        ("GET", ["deletedsecrets"]) => new("vault.list-deleted", _ => Page(call, _secrets.List(deleted: true), ListedDeleted)),
        ("GET", ["deletedsecrets", var name]) => new("vault.get-deleted", _ => GetDeleted(call, name)),
        ("DELETE", ["deletedsecrets", var name]) => new("vault.purge", _ => Purge(call, name)),
        ("POST", ["deletedsecrets", var name, "recover"]) => new("vault.recover", _ => Recover(call, name)),
        _ => new("vault.unknown", _ => VaultError.NotFound()),
    };

    private Answer Set(Call call, string name)
    {
        if (!SecretName().IsMatch(name))
            return VaultError.BadParameter($"The request URI contains an invalid name: {name}");
        if (Read(call) is not { Value: { } value } change)
            return VaultError.BadParameter("Property value is missing or is not a string.");
        if (Encoding.UTF8.GetByteCount(value) > MaxValueBytes)
            return VaultError.BadParameter($"Secret value exceeds the limit of {MaxValueBytes} bytes.");
        if (Complaint(change) is { } complaint)
            return VaultError.BadParameter(complaint);

        return Answered(call, name, _secrets.Set(name, change), found => Whole(call, found));
    }

    private Answer Get(Call call, string name, string? version) =>
        Answered(call, name, _secrets.Get(name, version), found => found.Version.Enabled ? Whole(call, found) : VaultError.Disabled());

    private Answer Update(Call call, string name, string? version)
    {
        if (Read(call) is not { } change)
            return VaultError.BadParameter("The request body is not valid JSON.");
        if (Complaint(change) is { } complaint)
            return VaultError.BadParameter(complaint);

        return Answered(call, name, _secrets.Update(name, version, change), found => Ok(Properties(call, found)));
    }

    private Answer Delete(Call call, string name) => Answered(call, name, _secrets.Delete(name), found => Ok(Deleted(call, found)));

    private Answer GetDeleted(Call call, string name) =>
        Answered(call, name, _secrets.GetDeleted(name), found => Ok(Deleted(call, found)), VaultError.DeletedSecretNotFound);

    private Answer Recover(Call call, string name) =>
        Answered(call, name, _secrets.Recover(name), found => Ok(Properties(call, found)), VaultError.DeletedSecretNotFound);

    private Answer Purge(Call call, string name) => options.Current.VaultPurgeProtection
        ? VaultError.PurgeForbidden()
        : Answered(call, name, _secrets.Purge(name), _ => Answer.Empty(StatusCodes.Status204NoContent), VaultError.DeletedSecretNotFound);

    private static Answer Answered(Call call, string name, SecretOutcome outcome, Func<Found, Answer> found, Func<string, Answer>? missing = null)
    {
        call.Entry = call.Entry with { SecretName = name };
        switch (outcome)
        {
            case Found it:
                call.Entry = call.Entry with { SecretVersion = it.Version.Id };
                return found(it);
            case DeletedButRecoverable:
                return VaultError.DeletedButRecoverable(name);
            case BeingDeleted:
                return VaultError.BeingDeleted(name);
            default:
                return (missing ?? VaultError.SecretNotFound)(name);
        }
    }

    private static Answer Page(Call call, IReadOnlyList<Found> all, Func<Call, Found, SecretBody> body)
    {
        var size = Math.Clamp(Number(call.Query("maxresults")) ?? MaxPage, 1, MaxPage);
        var skip = Number(call.Query("$skiptoken")) ?? 0;
        var next = skip + size < all.Count
            ? $"{Root(call)}{call.Request.Path}?api-version={Uri.EscapeDataString(call.Query("api-version") ?? "")}&$skiptoken={skip + size}&maxresults={size}"
            : null;
        return Answer.Json(
            StatusCodes.Status200OK, new SecretPage([.. all.Skip(skip).Take(size).Select(found => body(call, found))], next), VaultJson.Default.SecretPage);
    }

    private Answer Whole(Call call, Found found) => Ok(Properties(call, found) with { Value = found.Version.Value });

    private static Answer Ok(SecretBody body) => Answer.Json(StatusCodes.Status200OK, body, VaultJson.Default.SecretBody);

    private SecretBody Properties(Call call, Found found)
    {
        var version = found.Version;
        return new SecretBody(
            $"{Id(call, found)}/{version.Id}",
            new AttributesBody(
                version.Enabled, version.NotBefore, version.Expires,
                version.Created.ToUnixTimeSeconds(), version.Updated.ToUnixTimeSeconds(),
                options.Current.VaultPurgeProtection ? "Recoverable" : "Recoverable+Purgeable",
                (int)options.Current.VaultRetention.TotalDays),
            ContentType: version.ContentType,
            Tags: version.Tags);
    }

    private SecretBody Deleted(Call call, Found found) => Properties(call, found) with
    {
        RecoveryId = $"{Root(call)}/deletedsecrets/{found.Name}",
        DeletedDate = found.DeletedAt?.ToUnixTimeSeconds(),
        ScheduledPurgeDate = (found.DeletedAt + options.Current.VaultRetention)?.ToUnixTimeSeconds(),
    };

    /// <summary>A list names its secrets without their version.</summary>
    private SecretBody Listed(Call call, Found found) => Properties(call, found) with { Id = Id(call, found) };

    private SecretBody ListedDeleted(Call call, Found found) => Deleted(call, found) with { Id = Id(call, found) };

    private Answer Throttled() => options.Current.VaultRetryAfter is { } wait
        ? VaultError.Throttled().With("Retry-After", Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture))
        : VaultError.Throttled();

    private static string Root(Call call) => $"{call.Request.Scheme}://{call.Request.Host}";

    private static string Id(Call call, Found found) => $"{Root(call)}/secrets/{found.Name}";

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Complaint(SecretChange change) => change switch
    {
        { ContentType.Length: > MaxContentType } => $"Property contentType exceeds {MaxContentType} characters.",
        { Tags.Count: > MaxTags } => $"Too many tags: at most {MaxTags} are allowed.",
        { Tags: { } tags } when tags.Any(tag => tag.Key.Length > MaxTagLength || tag.Value.Length > MaxTagLength) =>
            $"A tag's name or value exceeds {MaxTagLength} characters.",
        _ => null,
    };

    private static SecretChange? Read(Call call)
    {
        try
        {
            return JsonSerializer.Deserialize(call.Body, VaultJson.Default.SecretChange);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("^[0-9A-Za-z-]{1,127}$")]
    private static partial Regex SecretName();
}
