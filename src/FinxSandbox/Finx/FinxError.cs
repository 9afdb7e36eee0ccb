using FinxSandbox.Calls;

namespace FinxSandbox.Finx;

/// <summary>finX's error object (docs.qwist.com/reference/errors).</summary>
internal sealed record FinxError(int Code, string Group, string Description, IReadOnlyDictionary<string, IReadOnlyList<string>> Data)
{
    private const int InvalidRequest = 1000;
    private const int NotFound = 1002;
    private const int Unauthorized = 1003;
    private const int InvalidClient = 1004;

    private static readonly Dictionary<string, IReadOnlyList<string>> NoData = [];

    /// <summary>400 with the errors by field.</summary>
    public static Answer Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> data) =>
        Of(StatusCodes.Status400BadRequest, InvalidRequest, "Invalid request.", data);

    public static Answer Invalid(string field, string complaint) =>
        Invalid(new Dictionary<string, IReadOnlyList<string>> { [field] = [complaint] });

    public static Answer Missing() => Of(StatusCodes.Status404NotFound, NotFound, "Entry not found.", NoData);

    /// <summary>A refused code or refresh token.</summary>
    public static Answer Refused(int status, string description) => Of(status, Unauthorized, description, NoData);

    public static Answer BadClient() =>
        Of(StatusCodes.Status401Unauthorized, InvalidClient, "Invalid client authorization.", NoData)
            .With("WWW-Authenticate", "Basic realm=\"finX\", charset=\"UTF-8\"");

    public static Answer BadToken() =>
        Of(StatusCodes.Status401Unauthorized, Unauthorized, "Unauthorized.", NoData)
            .With("WWW-Authenticate", "Bearer realm=\"finX\", error=\"invalid_token\", error_description=\"The access token is unknown, expired or revoked.\"");

    private static Answer Of(int status, int code, string description, IReadOnlyDictionary<string, IReadOnlyList<string>> data) =>
        Answer.Json(status, new FinxErrorBody(new FinxError(code, "client", description, data)), FinxJson.Default.FinxErrorBody);
}

internal sealed record FinxErrorBody(FinxError Error);
