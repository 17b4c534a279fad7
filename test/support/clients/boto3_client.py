"""Uses a server as people use AWS with boto3. Prints one line of JSON: what it saw. Endpoint and credentials come from the environment."""

import json
import sys

import boto3
import botocore.exceptions

iam = boto3.client("iam")
sts = boto3.client("sts")
account = sts.get_caller_identity()["Account"]
seen = {}


def document(principal=None, **statement):
    body = {"Effect": "Allow", **statement}
    if principal is not None:
        body["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [body]})


created = iam.create_user(UserName="alice", Path="/staff/", Tags=[{"Key": "team", "Value": "blue"}])["User"]
iam.get_waiter("user_exists").wait(UserName="alice")
read = iam.get_user(UserName="ALICE")["User"]
seen["user"] = [read["Arn"], read["UserId"] == created["UserId"], read["CreateDate"].tzinfo is not None, read["Tags"]]

try:
    iam.get_user(UserName="nobody")
except iam.exceptions.NoSuchEntityException as error:
    seen["missing"] = [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"], len(error.response["ResponseMetadata"]["RequestId"])]
try:
    iam.create_user(UserName="Alice")
except iam.exceptions.EntityAlreadyExistsException as error:
    seen["taken"] = error.response["Error"]["Message"]

for index in range(7):
    iam.create_user(UserName=f"page-{index}", Path="/page/")
pages = iam.get_paginator("list_users").paginate(PathPrefix="/page/", PaginationConfig={"PageSize": 3})
seen["pages"] = [[user["UserName"] for user in page["Users"]] for page in pages]

# The same call twice within a second: boto3 signs neither a nonce nor the id of the call.
keys = [iam.create_access_key(UserName="alice")["AccessKey"] for _ in range(2)]
seen["keys"] = len({key["AccessKeyId"] for key in keys})
try:
    iam.create_access_key(UserName="alice")
except iam.exceptions.LimitExceededException as error:
    seen["third key"] = error.response["Error"]["Code"]

iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=document({"AWS": f"arn:aws:iam::{account}:root"}, Action=["sts:AssumeRole", "sts:TagSession"]))
iam.get_waiter("role_exists").wait(RoleName="deploy")
iam.put_role_policy(RoleName="deploy", PolicyName="own", PolicyDocument=document(Action="iam:*", Resource="*", Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}))
seen["role document"] = iam.get_role_policy(RoleName="deploy", PolicyName="own")["PolicyDocument"]["Statement"][0]["Action"]
found = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/deploy", RoleSessionName="boto3", Tags=[{"Key": "team", "Value": "blue"}], Policy=document(Action="iam:ListUsers", Resource="*"))["Credentials"]
session = boto3.Session(aws_access_key_id=found["AccessKeyId"], aws_secret_access_key=found["SecretAccessKey"], aws_session_token=found["SessionToken"])
seen["session"] = [session.client("sts").get_caller_identity()["Arn"], len(session.client("iam").list_users(PathPrefix="/page/")["Users"])]
try:
    session.client("iam").list_roles()
except botocore.exceptions.ClientError as error:
    seen["narrow"] = error.response["Error"]["Code"]

presigned = sts.generate_presigned_url("get_caller_identity")
seen["presigned"] = presigned.startswith(boto3.client("sts").meta.endpoint_url)

events = boto3.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateRole"}])["Events"]
seen["events"] = [[event["EventName"], event["Username"], json.loads(event["CloudTrailEvent"])["requestParameters"]["roleName"]] for event in events]

json.dump(seen, sys.stdout)
