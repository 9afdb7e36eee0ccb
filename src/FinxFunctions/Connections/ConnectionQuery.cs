using System.Globalization;
using FinxFunctions.Http;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>Which connections to list.</summary>
/// <param name="UserId">Only connections of this user. Null for all.</param>
/// <param name="Status">Only connections with this status. Null for all.</param>
/// <param name="After">The <c>next</c> of the previous page. Null for the first page.</param>
/// <param name="Limit">The largest number of connections on a page.</param>
public sealed record ConnectionQuery(string? UserId, ConnectionStatus? Status, string? After, int Limit)
{
    private const int DefaultLimit = 100;
    private const int MaximumLimit = 1000;

    /// <summary>Reads <c>user_id</c>, <c>status</c>, <c>next</c> and <c>limit</c>.</summary>
    /// <exception cref="InvalidRequestException">A parameter is unknown or invalid.</exception>
    public static ConnectionQuery Read(HttpRequest request)
    {
        RequestQuery.Allow(request, "user_id", "status", "next", "limit");
        return new ConnectionQuery(
            RequestQuery.Text(request, "user_id", 128),
            RequestQuery.Text(request, "status", 32) is { } status
                ? ConnectionView.StatusOf(status) ?? throw new InvalidRequestException("status", "One of pending, active, needs_reconsent, deleted is needed.")
                : null,
            RequestQuery.Text(request, "next", 32) is { } next
                ? ConnectionId.IsValid(next) ? next : throw new InvalidRequestException("next", "Is not the next of a page.")
                : null,
            RequestQuery.Text(request, "limit", 8) is { } limit
                ? int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MaximumLimit
                    ? number
                    : throw new InvalidRequestException("limit", $"A whole number from 1 to {MaximumLimit} is needed.")
                : DefaultLimit);
    }
}
