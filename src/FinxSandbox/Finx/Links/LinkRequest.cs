using System.Text.Json.Nodes;
using FinxSandbox.Calls;

namespace FinxSandbox.Finx.Links;

/// <summary>A client's request for a widget: the fields of <c>POST /ongoing/access</c>, or of <c>/ongoing/sync</c>.</summary>
internal sealed record LinkRequest(
    string RedirectUri,
    string UserId,
    string? State,
    string Language,
    string? ProviderId,
    IReadOnlyList<string> Accounts,
    IReadOnlyList<string> AccountTypes,
    bool AllowMultiSelection,
    int? SyncPeriod,
    bool SaveSecrets)
{
    private static readonly string[] Languages = ["de", "en", "es", "fr", "ar"];

    private static readonly string[] Types =
        ["Giro account", "Savings account", "Daily savings account", "Credit card", "Loan account", "PayPal", "Depot"];

    /// <summary>The finX account ids to synchronise; null for a new access.</summary>
    public IReadOnlyList<string>? SyncOf { get; private init; }

    /// <returns>Null where the body is wrong, and then <paramref name="refusal"/> says why.</returns>
    public static LinkRequest? Read(Call call, bool sync, out Answer? refusal)
    {
        if (!call.Request.HasJsonContentType() || call.Json() is not JsonObject body)
        {
            refusal = FinxError.Invalid("_schema", "Invalid input type: a JSON object is expected.");
            return null;
        }

        var fields = new FieldReader(body);
        var request = new LinkRequest(
            fields.RequiredUrl("redirect_uri"),
            fields.RequiredText("user_id"),
            fields.Text("state"),
            fields.Choice("language", Languages) ?? "de",
            fields.Uuid("provider_id"),
            fields.AccountReferences("accounts"),
            fields.Texts("account_types", Types),
            fields.Flag("allow_multi_selection") ?? true,
            fields.Days("sync_period"),
            fields.Flag("save_secrets") ?? false)
        {
            SyncOf = sync ? fields.Texts("account_ids") : null,
        };
        fields.Text("tracking_id");

        refusal = fields.Valid ? null : FinxError.Invalid(fields.Errors);
        return fields.Valid ? request : null;
    }
}
