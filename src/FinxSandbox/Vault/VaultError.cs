using FinxSandbox.Calls;
using FinxSandbox.Identity;

namespace FinxSandbox.Vault;

/// <summary>Key Vault's errors, with its own texts where they are known.</summary>
internal sealed record VaultError(string Code, string Message, InnerError? Innererror = null)
{
    public const string Resource = "https://vault.azure.net";

    public static Answer BadParameter(string message) => Of(StatusCodes.Status400BadRequest, "BadParameter", message);

    public static Answer SecretNotFound(string name) => Of(StatusCodes.Status404NotFound, "SecretNotFound",
        $"A secret with (name/id) {name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.");

    public static Answer DeletedSecretNotFound(string name) =>
        Of(StatusCodes.Status404NotFound, "SecretNotFound", $"Deleted Secret not found: {name}");

    public static Answer NotFound() => Of(StatusCodes.Status404NotFound, "NotFound", "The requested resource was not found.");

    public static Answer Disabled() => Of(StatusCodes.Status403Forbidden, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");

    public static Answer NoAccess() => Of(StatusCodes.Status403Forbidden, "Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac");

    public static Answer PurgeForbidden() => Of(StatusCodes.Status403Forbidden, "Forbidden", "Operation \"purge\" is not enabled for this vault.", "ForbiddenByPolicy");

    public static Answer DeletedButRecoverable(string name) => Of(StatusCodes.Status409Conflict, "Conflict",
        $"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.", "ObjectIsDeletedButRecoverable");

    public static Answer BeingDeleted(string name) =>
        Of(StatusCodes.Status409Conflict, "Conflict", $"Secret {name} is currently being deleted.", "ObjectIsBeingDeleted");

    public static Answer Throttled() => Of(StatusCodes.Status429TooManyRequests, "Throttled", "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached");

    public static Answer Challenge(string message) => Of(StatusCodes.Status401Unauthorized, "Unauthorized", message)
        .With("WWW-Authenticate", $"Bearer authorization=\"https://login.microsoftonline.com/{IdentityTokens.Tenant}\", resource=\"{Resource}\"");

    private static Answer Of(int status, string code, string message, string? inner = null) =>
        Answer.Json(status, new VaultErrorBody(new VaultError(code, message, inner is null ? null : new InnerError(inner))), VaultJson.Default.VaultErrorBody);
}

internal sealed record InnerError(string Code);

internal sealed record VaultErrorBody(VaultError Error);
