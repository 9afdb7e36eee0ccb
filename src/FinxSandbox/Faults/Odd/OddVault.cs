namespace FinxSandbox.Faults.Odd;

/// <summary>Refusals of Key Vault.</summary>
internal static class OddVault
{
    public static IEnumerable<OddAnswer> All =>
    [
        OddAnswer.Json("vault_throttled", 429, """{"error":{"code":"Throttled","message":"Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached"}}""", ("Retry-After", "60")),
        OddAnswer.Json("vault_forbidden", 403, """{"error":{"code":"Forbidden","message":"Caller is not authorized to perform action on resource.","innererror":{"code":"ForbiddenByRbac"}}}"""),
        OddAnswer.Json("vault_firewall", 403, """{"error":{"code":"Forbidden","message":"Client address is not authorized and caller is not a trusted service.","innererror":{"code":"ForbiddenByFirewall"}}}"""),
        OddAnswer.Json("vault_unavailable", 503, """{"error":{"code":"InternalServerError","message":"The service is temporarily unavailable."}}"""),
    ];
}
